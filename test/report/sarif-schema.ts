import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A Go module that ships the schema of OASIS, as a file of its tests. */
const carrier = 'github.com/securego/gosec/v2@v2.30.0';
const file = 'report/sarif/testdata/sarif-schema-2.1.0.json';

/**
 * The schema `sarif-schema-2.1.0.json` of OASIS, out of a public Go module.
 * @returns undefined where there is no Go to fetch it
 */
export async function officialSchema(): Promise<object | undefined> {
  const { exitCode, stdout } = await execa('go', ['mod', 'download', '-json', carrier], {
    cwd: tmpdir(),
    reject: false,
  });
  if (exitCode !== 0) return undefined;
  // It says draft 4, which ajv no longer knows; it uses no keyword that draft 7 reads otherwise.
  const { Dir } = JSON.parse(stdout);
  const { $schema: _, id: __, ...schema } = JSON.parse(await readFile(join(Dir, file), 'utf8'));
  return schema;
}
