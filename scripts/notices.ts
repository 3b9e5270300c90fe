import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A Go module whose packages a program contains, and the folder that holds its licence. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  readonly folder: string;
}

/** Licence texts of Go modules; one that several share is printed once, below all their names. */
export async function goNoticesOf(modules: readonly GoModule[]): Promise<string> {
  const byText = new Map<string, string[]>();
  for (const { path, version, folder } of modules) {
    const text = await licenceTexts(folder);
    if (text === '') throw new Error(`${path} has no licence in ${folder}`);
    byText.set(text, [...(byText.get(text) ?? []), `${path} ${version}`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceTexts(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => licenceName.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.join('\n').trim();
}

const licenceName = /^(licen[cs]e|copying|notice)/i;

async function noticeOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(packageFile(`${folder}/package.json`), 'utf8'));
  const files = await readdir(packageFile(folder));
  const texts = await Promise.all(
    files
      .filter((file) => licenceName.test(file))
      .map((file) => readFile(packageFile(`${folder}/${file}`), 'utf8')),
  );
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${texts.join('\n')}`;
}
