import { z } from 'zod';
import { objectLineSchema } from '../set/manifest.ts';

const instant = z.iso.datetime({ precision: 3 });

const known = {
  key: z.string(),
  versionId: z.string().describe('as the source had it; `null` for one without versioning'),
  isLatest: z.boolean(),
  lastModified: instant,
};

const protectionSchema = z.object({
  retention: z.object({ mode: z.enum(['governance', 'compliance']), until: instant }).nullable(),
  legalHold: z.boolean(),
});

/** A line of the listing of the versions of a bucket; of one key, the oldest comes first. */
export const versionLineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delete-marker'), ...known }),
  z.object({
    kind: z.literal('version'),
    ...objectLineSchema.shape,
    ...known,
    protection: protectionSchema
      .nullable()
      .describe('null where the bucket has no object lock, or one may not know'),
  }),
]);

export type VersionLine = Readonly<z.infer<typeof versionLineSchema>>;
export type ContentLine = Extract<VersionLine, { kind: 'version' }>;
export type ProtectionLine = Readonly<z.infer<typeof protectionSchema>>;

export const isContent = (line: VersionLine): line is ContentLine => line.kind === 'version';
