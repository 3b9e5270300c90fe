import { z } from 'zod';
import { sha256Hex, sumsText } from '../../core/digest.ts';
import type { Frozen } from '../../core/frozen.ts';
import { namespaces } from '../../core/ssh-signature.ts';
import { isRepositoryKey } from '../repository/repository.ts';
import { isSetId, setFiles } from './set-id.ts';

/**
 * `manifest.json` of a backup set, format version 1 or 2: what is in the set, and what the source held at
 * the moment of the snapshot. A set without it is no set. `schemas/backup-manifest.schema.json` is
 * generated from the schema below; `docs/backup-format.md` explains it.
 */
const instant = z.iso.datetime({ precision: 3 }).describe('UTC instant with milliseconds');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const extent = z.object({ size: count.describe('bytes'), sha256 });
const path = z
  .string()
  .refine(isRepositoryKey, 'a path below the folder of the set')
  .describe('path below the folder of the set');

const file = z
  .object({
    path,
    stored: extent.describe('the bytes in the repository'),
    plain: extent.describe('the bytes after decryption and decompression'),
    compression: z.enum(['zstd']).nullable(),
    encryption: z.enum(['age']).nullable().describe('of the compressed bytes'),
  })
  .describe('a file of the set');

export const identitySchema = z.object({
  systemIdentifier: z.string().describe('of the cluster, given by initdb'),
  database: z.string(),
  serverVersion: z.int().describe('as server_version_num: 150018 is 15.18'),
  serverVersionText: z.string(),
  host: z.string().describe('as connected to'),
  port: z.int(),
  serverAddress: z.string().nullable().describe('as the server sees itself'),
  serverPort: z.int().nullable(),
  timeline: z.int(),
  inRecovery: z.boolean(),
});

const sequenceState = z.object({ value: z.string(), called: z.boolean() });
const named = { schema: z.string(), name: z.string() };

export const contentsSchema = z
  .object({
    tables: z.array(
      z.object({
        ...named,
        rows: count,
        method: z
          .enum(['hashes', 'record', 'columns', 'text'])
          .describe(
            'sum of a hash of the hashes of the columns; in earlier sets of hash_record_extended over the row, or over its columns with some of them as text, or of hashtextextended over the text of the row',
          ),
        fingerprint: z.string().regex(/^-?\d+$/),
        columns: z
          .string()
          .regex(/^-?\d+(?: -?\d+)*$/)
          .optional()
          .describe('sum of the hashes of each column, in their order'),
      }),
    ),
    sequences: z.array(
      z.object({ ...named, value: sequenceState }).describe('sequences obey no snapshot'),
    ),
    materializedViews: z.array(z.object({ ...named, populated: z.boolean() })),
    largeObjects: z.object({
      count,
      fingerprint: z.string().regex(/^-?\d+$/),
      rights: z
        .string()
        .regex(/^-?\d+$/)
        .optional()
        .describe('sum of a hash of privileges and comment of each; not in earlier sets'),
    }),
    constraints: z.object({ total: count, notValid: count }),
    collations: z
      .array(z.object({ ...named, version: z.string().nullable() }))
      .optional()
      .describe('with the version of their rules, where the provider has one; not in earlier sets'),
  })
  .describe('what a restored copy has to hold');

/** What a manifest tells of a database to whoever may read the repository. */
const databaseFacts = {
  name: z.string().describe('as deploycheck.yaml calls it'),
  identity: identitySchema,
  oid: z.string().optional().describe('of the database in its cluster; not in earlier sets'),
  bytes: count.describe('size of the database on its server'),
  locale: z.object({
    encoding: z.string(),
    provider: z.string().describe('as pg_database.datlocprovider: c, i or b'),
    collate: z.string(),
    ctype: z.string(),
    locale: z.string().nullable().describe('of the provider, unless it is libc'),
  }),
  instant: z
    .object({ at: instant, walLsn: z.string(), snapshot: z.string() })
    .describe('the one moment that dump, fingerprints and references show'),
  client: z.string().describe('version of pg_dump'),
  dump: path.describe('pg_dump custom format, to be read by pg_restore'),
  schema: path.describe('pg_dump --schema-only'),
  globals: path.nullable().describe('roles and tablespaces, without passwords'),
};

/** What it tells only to whoever can decrypt the set. */
const databaseDetails = {
  roles: z.array(z.string()).describe('that own or may use what is in the dump'),
  extensions: z.array(z.object({ name: z.string(), version: z.string() })),
  contents: contentsSchema,
  sequencesAfter: z
    .array(z.object({ ...named, value: sequenceState }))
    .describe('once the dump was done: the dump has a value in between'),
};

const database = z.object({ ...databaseFacts, ...databaseDetails });

const withheld = 'null in an encrypted set, whose file of details has it';

const publishedDatabase = z.object({
  ...databaseFacts,
  roles: databaseDetails.roles.nullable().describe(withheld),
  extensions: databaseDetails.extensions.nullable().describe(withheld),
  contents: contentsSchema.nullable().describe(withheld),
  sequencesAfter: databaseDetails.sequencesAfter.nullable().describe(withheld),
});

const versions = z
  .object({
    listing: path.describe('one JSON object a line, oldest first for each key'),
    sums: path.describe('for sha256sum: a line for each version with content; never encrypted'),
    count: count.describe('versions with content, current ones too'),
    markers: count.describe('delete markers'),
    bytes: count,
    unread: count.describe('versions of those that were not read again'),
    unordered: count.describe('keys of which the server does not tell when what was removed'),
    unprotected: count.describe('versions of which retention and hold could not be asked for'),
  })
  .describe('every version of every key, where they were asked for');

const bucketFacts = {
  name: z.string().describe('as deploycheck.yaml calls it'),
  endpoint: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  objects: count,
  bytes: count,
  unread: count.describe(
    'objects of those that had not changed since an earlier run and were not read again',
  ),
  etags: z
    .object({
      proven: count.describe('objects whose content has the MD5 that their ETag tells'),
      other: count.describe('objects whose content, read twice, has another'),
    })
    .optional()
    .describe(
      'of the objects whose way here nothing else guards, as TLS does; not in earlier sets',
    ),
  listing: path.describe('one JSON object a line; see objectLineSchema'),
  transfer: path.describe('a configuration for curl that uploads the objects again'),
  settings: path.describe('policy, lifecycle, CORS, tags, versioning; see settingsSchema'),
  sums: path.describe('for sha256sum: a line for each object of the listing; never encrypted'),
  versions: versions.optional(),
};

const vanished = z.array(z.string()).describe('keys that were listed and gone when they were read');
const bucket = z.object({ ...bucketFacts, vanished });
const publishedBucket = z.object({ ...bucketFacts, vanished: vanished.nullable() });

const referenceFacts = {
  bucket: z.string(),
  keys: count.describe('distinct keys that the rows name'),
  dangling: count.describe('keys of those that are no object of the bucket'),
};
const referenceDetails = {
  query: z.string(),
  examples: z.array(z.string()).describe('the first of them'),
};
const reference = z.object({ ...referenceFacts, ...referenceDetails });
const publishedReference = z.object({
  ...referenceFacts,
  query: referenceDetails.query.nullable(),
  examples: referenceDetails.examples.nullable(),
});

export const manifestSchema = z
  .object({
    formatVersion: z
      .literal([1, 2])
      .describe('2 where a bucket has versions, which readers of 1 would overlook'),
    set: z.string().refine(isSetId, 'the name of a set'),
    createdAt: instant.describe('when it was begun: nothing later is in it'),
    completedAt: instant,
    environment: z.string().nullable().describe('as deploycheck.yaml calls it'),
    tool: z.object({ name: z.literal('deploycheck'), version: z.string() }),
    encryption: z
      .object({
        algorithm: z.literal('age').describe('age-encryption.org/v1'),
        recipients: z.array(z.string()).describe('public keys, any of which opens the set'),
        details: path.describe('what this manifest does not tell'),
      })
      .nullable()
      .describe('null when the set is not encrypted'),
    signature: z
      .object({
        namespace: z.literal(namespaces.backup),
        path: z
          .literal(setFiles.signature)
          .describe('an SSH signature of this file (ssh-keygen -Y)'),
      })
      .nullable()
      .describe('null when the set is not signed'),
    compression: z.object({ algorithm: z.literal('zstd'), level: z.int() }),
    files: z.array(file),
    database: publishedDatabase.nullable(),
    buckets: z.array(publishedBucket),
    references: z.array(publishedReference),
    missing: z.array(z.object({ what: z.string(), why: z.string() })),
  })
  .describe('manifest of a deploycheck backup set');

/** The file of details of an encrypted set: what its manifest has null for. */
export const detailsSchema = z.object({
  formatVersion: z.literal(1),
  set: z.string(),
  database: z.object(databaseDetails).nullable(),
  buckets: z.array(z.object({ vanished })).describe('in the order of the manifest'),
  references: z.array(z.object(referenceDetails)).describe('in the order of the manifest'),
});

export const objectLineSchema = z
  .object({
    key: z.string(),
    ...extent.shape,
    object: z.string().refine(isRepositoryKey).describe('key in the repository'),
    encrypted: extent.nullable().describe('the bytes in the repository, where they are encrypted'),
    etag: z.string(),
    etagProves: z
      .boolean()
      .optional()
      .describe('whether it is the MD5 of the content; absent where that was not looked at'),
    lastModified: instant,
    metadata: z.record(z.string(), z.string()),
    tags: z.record(z.string(), z.string()).nullable().describe('null when they were not asked for'),
    headers: z.object({
      contentType: z.string().optional(),
      contentEncoding: z.string().optional(),
      contentDisposition: z.string().optional(),
      contentLanguage: z.string().optional(),
      cacheControl: z.string().optional(),
    }),
  })
  .describe('a line of the listing of a bucket');

/** As it lies in the repository. */
export type PublishedManifest = Frozen<z.infer<typeof manifestSchema>>;
export type DatabasePart = Frozen<z.infer<typeof database>>;
export type BucketPart = Frozen<z.infer<typeof bucket>>;
export type ReferencePart = Frozen<z.infer<typeof reference>>;
/** With all that an encrypted set tells only to whoever can decrypt it. */
export type Manifest = Omit<PublishedManifest, 'database' | 'buckets' | 'references'> & {
  readonly database: DatabasePart | null;
  readonly buckets: readonly BucketPart[];
  readonly references: readonly ReferencePart[];
};
export type Details = Frozen<z.infer<typeof detailsSchema>>;
export type SetFile = Manifest['files'][number];
export type Contents = Frozen<z.infer<typeof contentsSchema>>;
export type ObjectLine = Frozen<z.infer<typeof objectLineSchema>>;
export type Missing = Manifest['missing'][number];

export function manifestText(manifest: PublishedManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * `SHA256SUMS` of a set: every stored file, the manifest and its signature, for `sha256sum --check`.
 * It follows from those byte for byte, so that no byte of a set is covered by nothing.
 */
export function setSums(
  files: readonly SetFile[],
  manifest: string | Uint8Array,
  signature: string | Uint8Array | null,
): string {
  return sumsText([
    ...(signature === null ? [] : [{ path: setFiles.signature, sha256: sha256Hex(signature) }]),
    ...files.map(({ path, stored }) => ({ path, sha256: stored.sha256 })),
    { path: setFiles.manifest, sha256: sha256Hex(manifest) },
  ]);
}

/** @returns why the text is no manifest of the set */
export function readManifest(
  text: string,
  set: string,
): { readonly manifest: PublishedManifest } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') || 'it'}: ${issue?.message}` };
  }
  const unlisted = namedFiles(parsed.data).find(
    (name) => !parsed.data.files.some((entry) => entry.path === name),
  );
  if (unlisted !== undefined) return { problem: `it names ${unlisted} and does not list it` };
  if (parsed.data.set !== set) return { problem: `it belongs to the set ${parsed.data.set}` };
  if (parsed.data.formatVersion !== formatOf(parsed.data.buckets)) {
    return { problem: 'formatVersion: it is 2 where a bucket has versions, and 1 elsewhere' };
  }
  if (parsed.data.encryption === null && !isWhole(parsed.data)) {
    return { problem: 'it withholds what only an encrypted set may' };
  }
  return { manifest: parsed.data };
}

/** Whether it tells all that there is, as that of a set that is not encrypted does. */
export function isWhole(manifest: PublishedManifest): manifest is Manifest {
  const { database, buckets, references } = manifest;
  const told = [
    ...(database
      ? [database.roles, database.extensions, database.contents, database.sequencesAfter]
      : []),
    ...buckets.map((entry) => entry.vanished),
    ...references.flatMap(({ query, examples }) => [query, examples]),
  ];
  return !told.includes(null);
}

/** Whoever reads version 1 alone would remove the objects of earlier versions as counted by nobody. */
export const formatOf = (buckets: readonly { readonly versions?: object | undefined }[]): 1 | 2 =>
  buckets.some(({ versions: kept }) => kept) ? 2 : 1;

function namedFiles({ database, buckets, encryption }: PublishedManifest): string[] {
  return [
    ...(encryption ? [encryption.details] : []),
    ...(database ? [database.dump, database.schema] : []),
    ...(database?.globals ? [database.globals] : []),
    ...buckets.flatMap((bucket) => [
      ...[bucket.listing, bucket.transfer, bucket.settings, bucket.sums],
      ...(bucket.versions ? [bucket.versions.listing, bucket.versions.sums] : []),
    ]),
  ];
}

/** A file that the manifest names, which {@link readManifest} has seen to be listed. */
export function fileAt(manifest: Pick<Manifest, 'files'>, path: string): SetFile {
  const found = manifest.files.find((entry) => entry.path === path);
  if (!found) throw new Error(`the manifest lists no ${path}`);
  return found;
}
