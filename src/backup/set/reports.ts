import { Readable } from 'node:stream';
import { z } from 'zod';
import { Fault, messageOf } from '../../core/fault.ts';
import type { Frozen } from '../../core/frozen.ts';
import { type Repository, readWhole, repositoryFolders } from '../repository/repository.ts';
import { identitySchema } from './manifest.ts';
import { reportKey, setOfReport } from './set-id.ts';

/** What is written beside a set once it was read, or restored and compared. Format version 1. */
const instant = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();

const header = {
  formatVersion: z.literal(1),
  set: z.string(),
  manifest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable()
    .describe('digest of the manifest this is about; null when there is none that can be read'),
  at: instant,
  tool: z.object({ name: z.literal('deploycheck'), version: z.string() }),
  signature: z.null().describe('room for a later version'),
};

const problem = z
  .object({ path: z.string().describe('key in the repository'), problem: z.string() })
  .describe('bytes that are not the ones that were written');

export const verificationSchema = z.object({
  ...header,
  verdict: z.enum(['good', 'bad']),
  files: count,
  objects: count,
  bytes: count.describe('that were read'),
  opened: z.boolean().describe('whether what is encrypted was decrypted, too'),
  durationMs: count,
  problems: z.array(problem),
});

export const rehearsalSchema = z.object({
  ...header,
  verdict: z.enum(['good', 'bad', 'could-not-check']),
  server: identitySchema.nullable(),
  measured: z.object({
    restoreMs: count.describe('database and buckets, from the first byte read to the last written'),
    databaseMs: count,
    unpackMs: count
      .optional()
      .describe(
        'of databaseMs, decrypting and decompressing the dump beforehand; 0 where it was streamed',
      ),
    bucketsMs: count,
    compareMs: count,
    bytes: count.describe('plain bytes restored'),
  }),
  differences: z.array(
    z.object({ what: z.string(), name: z.string(), expected: z.string(), found: z.string() }),
  ),
  damage: z.array(problem),
  lacking: z
    .array(z.object({ what: z.string(), why: z.string() }))
    .describe('what kept something from being compared: the environment, not the set'),
  notes: z
    .array(z.object({ what: z.string(), why: z.string() }))
    .optional()
    .describe('what is not as it was once, and rightly so; absent in reports of earlier versions'),
});

export type Verification = Frozen<z.infer<typeof verificationSchema>>;
export type Rehearsal = Frozen<z.infer<typeof rehearsalSchema>>;
export type Problem = Verification['problems'][number];
export type Difference = Rehearsal['differences'][number];
export type Lacking = Rehearsal['lacking'][number];
export type Note = NonNullable<Rehearsal['notes']>[number];

interface Reports {
  readonly verifications: Verification;
  readonly rehearsals: Rehearsal;
}

const schemas: { readonly [K in keyof Reports]: { parse(value: unknown): Reports[K] } } = {
  verifications: verificationSchema,
  rehearsals: rehearsalSchema,
};

/** What may be told of a rehearsal of an encrypted set beside it: no names, and nothing of rows. */
export function withoutNames(rehearsal: Rehearsal): Rehearsal {
  const why = 'withheld, for the set is encrypted';
  const kindOnly = ({ what }: Lacking | Note) => ({ what: what.split(' ', 1).join(''), why });
  return {
    ...rehearsal,
    differences: rehearsal.differences.map(({ what }) => {
      return { what, name: why, expected: why, found: why };
    }),
    lacking: rehearsal.lacking.map(kindOnly),
    ...(rehearsal.notes && { notes: rehearsal.notes.map(kindOnly) }),
  };
}

/**
 * Keeps a report beside the sets.
 * @returns why it could not be kept: a repository may be there for reading only
 */
export async function keepReport<K extends keyof Reports>(
  repository: Repository,
  kind: K,
  report: Reports[K],
  signal: AbortSignal,
): Promise<string | undefined> {
  const key = reportKey(kind, report.set, new Date(report.at));
  const content = Readable.from([Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
  try {
    await repository.put(key, content, { owner: report.set }, signal);
    return undefined;
  } catch (error) {
    if (error instanceof Fault && /^(?:repository-unwritable|objects-denied)$/.test(error.code)) {
      return messageOf(error);
    }
    throw error;
  }
}

/** Every readable report of a kind, oldest first. One that cannot be read says nothing, and counts for nothing. */
export async function readReports<K extends keyof Reports>(
  repository: Repository,
  kind: K,
  signal: AbortSignal,
): Promise<Reports[K][]> {
  const keys: string[] = [];
  for await (const { key } of repository.list(repositoryFolders[kind], signal)) {
    if (setOfReport(key) !== undefined) keys.push(key);
  }
  const reports: Reports[K][] = [];
  for (const key of keys) {
    const bytes = await readWhole(repository, key, signal);
    const report = bytes && parse(kind, bytes.toString('utf8'));
    if (report && report.set === setOfReport(key)) reports.push(report);
  }
  return reports.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function parse<K extends keyof Reports>(kind: K, text: string): Reports[K] | undefined {
  try {
    return schemas[kind].parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
