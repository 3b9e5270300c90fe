import { Fault, messageOf } from '../../core/fault.ts';
import { DamagedContent } from '../damaged.ts';
import { damageOf, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import {
  type Details,
  detailsSchema,
  fileAt,
  isWhole,
  type Manifest,
  type PublishedManifest,
} from './manifest.ts';
import type { Problem } from './reports.ts';
import { setKey } from './set-id.ts';

/** What the manifest of an encrypted set does not tell, for a file of its own. */
export function detailsText({ set, database, buckets, references }: Manifest): string {
  const details: Details = {
    formatVersion: 1,
    set,
    database: database && {
      roles: database.roles,
      extensions: database.extensions,
      contents: database.contents,
      sequencesAfter: database.sequencesAfter,
    },
    buckets: buckets.map(({ vanished }) => ({ vanished })),
    references: references.map(({ query, examples }) => ({ query, examples })),
  };
  return `${JSON.stringify(details)}\n`;
}

/** The manifest without what {@link detailsText} has. */
export function withoutDetails(manifest: Manifest): PublishedManifest {
  const nothing = { roles: null, extensions: null, contents: null, sequencesAfter: null };
  return {
    ...manifest,
    database: manifest.database && { ...manifest.database, ...nothing },
    buckets: manifest.buckets.map((entry) => ({ ...entry, vanished: null })),
    references: manifest.references.map((entry) => ({ ...entry, query: null, examples: null })),
  };
}

/**
 * The manifest with its details.
 * @returns what is wrong with the file that holds them
 * @throws Fault `identity-missing`, `identity-wrong`, which say whose key opens the set
 */
export async function wholeManifest(
  manifest: PublishedManifest,
  repository: Repository,
  signal: AbortSignal,
): Promise<{ readonly manifest: Manifest } | { readonly damage: Problem }> {
  if (isWhole(manifest)) return { manifest };
  const { encryption, set } = manifest;
  if (!encryption) throw new Error('readManifest lets none such through');
  const path = setKey(set, encryption.details);
  try {
    return {
      manifest: joined(
        manifest,
        await readDetails(manifest, encryption.details, repository, signal),
      ),
    };
  } catch (error) {
    if (error instanceof Fault && /^identity-(?:missing|wrong)$/.test(error.code)) {
      const to = encryption.recipients.join(', ');
      throw new Fault(error.code, `${set}: ${error.message}; it is encrypted to ${to}`, {
        cause: error,
      });
    }
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    return { damage: { path, problem } };
  }
}

async function readDetails(
  { set, files }: PublishedManifest,
  path: string,
  repository: Repository,
  signal: AbortSignal,
): Promise<Details> {
  const stored = await repository.get(setKey(set, path), signal);
  if (!stored) throw new DamagedContent('it is missing');
  const plain = unpacked(stored, fileAt({ files }, path), repository);
  const text = Buffer.concat(await plain.toArray()).toString('utf8');
  let details: Details;
  try {
    details = detailsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new DamagedContent(`it does not have the details of a set: ${messageOf(error)}`);
  }
  if (details.set !== set) throw new DamagedContent(`it belongs to the set ${details.set}`);
  return details;
}

function joined(manifest: PublishedManifest, details: Details): Manifest {
  const whole = {
    ...manifest,
    database: manifest.database && { ...manifest.database, ...details.database },
    buckets: manifest.buckets.map((entry, at) => ({ ...entry, ...details.buckets[at] })),
    references: manifest.references.map((entry, at) => ({ ...entry, ...details.references[at] })),
  };
  if (!isWhole(whole)) throw new DamagedContent('it has not all that the manifest withholds');
  return whole;
}
