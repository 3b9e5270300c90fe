import { z } from 'zod';
import type { PathSegment } from '../../../config/yaml-source.ts';
import { parseYaml } from '../../../config/yaml-source.ts';
import { sha256 } from '../../../core/digest.ts';
import { Fault, messageOf, systemCode } from '../../../core/fault.ts';
import type { Location } from '../../../core/finding.ts';
import { readSmall } from '../../../core/read-small.ts';

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const pair = z.strictObject({
  key: z.string().min(1),
  value: z.coerce
    .string()
    .nullish()
    .transform((value) => value ?? ''),
  isRegex: z.boolean().nullish(),
});
const pairs = z
  .array(pair)
  .nullish()
  .transform((list) => list ?? []);
const name = z.string().min(1);
const anything = z.unknown();

const existence = z.strictObject({
  name,
  path: z.string().min(1),
  shouldExist: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  permissions: z.string().nullish(),
  uid: z.int().nullish(),
  gid: z.int().nullish(),
  isExecutableBy: z.enum(['owner', 'group', 'other', 'any', '']).nullish(),
});

const content = z.strictObject({
  name,
  path: z.string().min(1),
  expectedContents: texts,
  excludedContents: texts,
});

const metadata = z.strictObject({
  env: pairs,
  envVars: pairs,
  unboundEnvVars: pairs,
  labels: pairs,
  entrypoint: z.array(z.string()).nullish(),
  cmd: z.array(z.string()).nullish(),
  exposedPorts: z
    .array(z.coerce.string())
    .nullish()
    .transform((list) => list ?? []),
  unexposedPorts: z
    .array(z.coerce.string())
    .nullish()
    .transform((list) => list ?? []),
  volumes: texts,
  unmountedVolumes: texts,
  workdir: z.string().nullish(),
  user: z.coerce.string().nullish(),
});

/** Of a test that wants a container, only what names it. */
const command = z.looseObject({ name });
const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((all) => all ?? []);

/**
 * The files of container-structure-test, schema 2.0.0
 * (https://github.com/GoogleContainerTools/container-structure-test#setup).
 */
const format = z.strictObject({
  schemaVersion: z.literal('2.0.0'),
  globalEnvVars: anything.optional(),
  containerRunOptions: anything.optional(),
  commandTests: list(command),
  fileExistenceTests: list(existence),
  fileContentTests: list(content),
  metadataTest: metadata.nullish(),
  licenseTests: list(anything),
});

export type StructureTests = z.output<typeof format>;
export type ExistenceTest = StructureTests['fileExistenceTests'][number];

export type MetadataTest = NonNullable<StructureTests['metadataTest']>;

export interface StructureFile {
  /** As the user named it. */
  readonly file: string;
  /** Of its text. */
  readonly digest: string;
  readonly tests: StructureTests;
  locate(path: readonly PathSegment[]): Location;
}

const maxBytes = 1024 * 1024;

/** @throws Fault `input-missing`, `image-tests-invalid` */
export async function readStructureFile(file: string, path: string): Promise<StructureFile> {
  try {
    return structureFileOf(file, (await readSmall(path, maxBytes)).toString('utf8'));
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (systemCode(error) === 'ENOENT') {
      throw new Fault('input-missing', `${file}: no such file`, { cause: error });
    }
    throw new Fault('image-tests-invalid', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Strictly: a test whose name is misspelt would not be run, and nobody would know.
 *
 * @throws Fault `image-tests-invalid` with the line
 */
export function structureFileOf(file: string, text: string): StructureFile {
  const documents = parseYaml(text);
  const [document] = documents;
  const broken = documents.flatMap(({ problems }) => problems)[0];
  const invalid = (message: string, at: { readonly line: number; readonly column: number }) =>
    new Fault('image-tests-invalid', `${file}:${at.line}:${at.column}: ${message}`);
  if (broken) throw invalid(broken.message, broken);
  if (!document || documents.length > 1) {
    throw invalid('expected one document', { line: 1, column: 1 });
  }
  const parsed = format.safeParse(document.value);
  if (parsed.success) {
    return {
      file,
      digest: sha256(text),
      tests: parsed.data,
      locate: (path) => ({ file, ...document.locate(path) }),
    };
  }
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  throw invalid(`${where}${issue?.message}`, document.locate(path));
}
