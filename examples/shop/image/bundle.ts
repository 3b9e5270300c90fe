import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const shopFolder = join(import.meta.dirname, '..');

/** The service of a release as one file, with everything it imports. */
export async function bundle(release: string): Promise<string> {
  const { outputFiles } = await build({
    // Paths relative to this folder end up in comments: fixed, whatever the caller's folder is.
    absWorkingDir: shopFolder,
    entryPoints: [`releases/${release}/src/main.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // An optional binary that pg asks for at run time only.
    external: ['pg-native'],
    // CommonJS dependencies call require, which a module does not have.
    banner: {
      js: [
        `import { createRequire } from 'node:module';`,
        'const require = createRequire(import.meta.url);',
      ].join('\n'),
    },
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`the bundle of ${release} is empty`);
  return output.text;
}

if (import.meta.main) {
  const [release, file] = process.argv.slice(2);
  if (release === undefined || file === undefined) {
    process.stderr.write('usage: bundle.ts RELEASE FILE\n');
    process.exitCode = 2;
  } else {
    await writeFile(file, await bundle(release));
  }
}
