import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A Go module that carries the schema of OASIS, word for word, in a string. */
const carrier = 'github.com/owenrumney/go-sarif/v3@v3.3.1';

/**
 * The schema `sarif-schema-2.1.0.json` of OASIS: from the file that SARIF_SCHEMA names, or out of a public
 * Go module.
 * @returns undefined where there is neither
 */
export async function officialSchema(): Promise<object | undefined> {
  const text = await schemaText();
  if (text === undefined) return undefined;
  // It says draft 4, which ajv no longer knows; it uses no keyword that draft 7 reads otherwise.
  const { $schema: _, id: __, ...schema } = JSON.parse(text);
  return schema;
}

async function schemaText(): Promise<string | undefined> {
  const file = process.env.SARIF_SCHEMA;
  if (file !== undefined) return readFile(file, 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'sarif-schema-'));
  try {
    await writeFile(join(folder, 'go.mod'), 'module schema\n');
    const go = await execa('go', ['mod', 'download', '-json', carrier], {
      cwd: folder,
      reject: false,
    });
    if (go.exitCode !== 0) return undefined;
    const { Dir } = JSON.parse(go.stdout);
    const source = await readFile(join(Dir, 'pkg/report/v210/sarif/schema.go'), 'utf8');
    return /const schema = `([^`]*)`/.exec(source)?.[1];
  } finally {
    await rm(folder, { recursive: true });
  }
}
