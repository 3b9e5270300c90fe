import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { OpenScenario, Try } from '../../../scripts/soak/scenario.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { shortestEncoded } from '../../../src/validators/secret/anchors.ts';
import { sampleMaker } from '../../../src/validators/secret/samples/sample.ts';
import { vendorTexts } from '../../../src/validators/secret/samples/vendors.ts';
import { samplesOf } from '../../../src/validators/secret/samples.ts';
import type { Shape } from '../../../src/validators/secret/shapes/shape.ts';
import { shapes } from '../../../src/validators/secret/shapes.ts';
import { cleanText } from './clean.ts';
import { type Container, containers } from './containers.ts';

/** Both pass over values with words in them, which chance puts there now and then, and the second over those without digits. */
const notPlanted: ReadonlySet<string> = new Set(['generic-secret', 'vault-legacy-token']);

interface Planted {
  readonly shape: string;
  readonly title: string;
  readonly text: string;
  readonly container: Container;
  readonly file: string;
}

const reports = ['html', 'markdown', 'sarif', 'junit'] as const;

/** Whether a sample begins with something that is looked for in base64, too; shorter beginnings are not. */
function isTold({ anchors, assigned, chosen }: Shape, text: string): boolean {
  if (assigned || chosen) return false;
  return anchors.some((anchor) => anchor.length >= shortestEncoded && text.includes(anchor));
}

/** Plants a secret of every shape in a file of its own, and texts that only look alike in others, and looks for them. */
export async function openPlanting(): Promise<OpenScenario> {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-planted-'));
  return {
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    async once(random, number): Promise<Try> {
      const folder = join(root, String(number));
      await mkdir(folder);
      const planted = plantedBy(random);
      for (const { file, container, text } of planted) {
        await writeFile(join(folder, file), container.put(text, random));
      }
      for (let clean = 0; clean < planted.length; clean++) {
        await writeFile(join(folder, `clean-${clean}.txt`), cleanText(random));
      }
      const problem = await problemOf(folder, planted);
      await rm(folder, { recursive: true, force: true });
      return { how: `times ${planted.length} secrets and as many files without`, problem };
    },
  };
}

function plantedBy(random: () => number): readonly Planted[] {
  const maker = sampleMaker(Math.floor(random() * 2 ** 31));
  const of = { ...samplesOf(maker), ...vendorSamplesOf(vendorTexts(maker)) };
  return shapes
    .filter(({ id }) => !notPlanted.has(id))
    .map((shape, index) => {
      const { id, title } = shape;
      const texts = of[id]?.positive ?? [];
      const text = texts[Math.floor(random() * texts.length)] ?? '';
      const able = containers.filter((one) => one.takes(text, isTold(shape, text)));
      const container = able[Math.floor(random() * able.length)];
      if (!container) throw new Error(`nothing takes a sample of ${id}`);
      return { shape: id, title, text, container, file: `${index}.${container.ending}` };
    });
}

const vendorSamplesOf = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, { positive: [text] }]));

async function problemOf(folder: string, planted: readonly Planted[]): Promise<string> {
  const outputs = reports.flatMap((report) => ['--output', `${report}=../report.${report}`]);
  const args = ['validate', 'secrets', '.', '--quiet', '--format', 'json', ...outputs];
  const { stdout, stderr } = await execa(process.execPath, [packageFile('bin/run.js'), ...args], {
    cwd: folder,
    reject: false,
  });
  const { findings }: Report = JSON.parse(stdout);
  const missed = planted.filter(
    ({ file, title }) =>
      !findings.some(({ location, message }) => location.file === file && message.includes(title)),
  );
  const wrong = findings.filter(({ location }) => location.file?.startsWith('clean-'));
  const written = await Promise.all(
    reports.map((report) => readFile(join(folder, '..', `report.${report}`), 'utf8')),
  );
  const said = [stdout, stderr, ...written].join('\n');
  const shown = planted.filter(({ text }) => partsOf(text).some((part) => said.includes(part)));
  return [
    ...missed.map(({ shape, container }) => `${shape} in ${container.name} was not found`),
    ...wrong.map(({ message }) => `nothing to find: ${message}`),
    ...shown.map(({ shape }) => `a part of ${shape} is in a report`),
  ].join('; ');
}

interface Report {
  readonly findings: readonly {
    readonly message: string;
    readonly location: { readonly file?: string };
  }[];
}

/** What no report may have of a value: twelve characters that chance made. */
const partsOf = (text: string): readonly string[] =>
  (text.match(/[A-Za-z0-9]{12,}/g) ?? [])
    .filter((part) => /\d/.test(part) && /[A-Za-z]/.test(part))
    .map((part) => part.slice(-12));
