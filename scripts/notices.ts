import { readdir, readFile } from 'node:fs/promises';
import { packageFile } from '../src/core/package-root.ts';

/** Names of the npm packages among the inputs of a bundle, sorted. */
export function packagesOf(inputs: readonly string[]): string[] {
  const names = inputs.flatMap((input) => {
    const match = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    return match?.[0] ? [match[0].slice(0, -1)] : [];
  });
  return [...new Set(names)].sort();
}

/** Licence texts of everything that a bundle contains: most licences ask for that. */
export async function noticesOf(inputs: readonly string[]): Promise<string> {
  const parts = await Promise.all(packagesOf(inputs).map(noticeOf));
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function noticeOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(packageFile(`${folder}/package.json`), 'utf8'));
  const files = await readdir(packageFile(folder));
  const texts = await Promise.all(
    files
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
      .map((file) => readFile(packageFile(`${folder}/${file}`), 'utf8')),
  );
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${texts.join('\n')}`;
}
