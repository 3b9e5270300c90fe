import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Check } from '../../../src/core/check.ts';
import { runChecks } from '../../../src/core/engine.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { readDockerfile } from '../../../src/validators/dockerfile/read.ts';
import { checks } from '../../../src/validators/registry.ts';
import { hadolint } from '../../../src/validators/suppressions/peers/hadolint-checks.ts';
import type { Sample } from './corpus.ts';

/** What a side says of a sample: codes of hadolint with the line of the instruction. */
export type Verdicts = ReadonlySet<string>;

/** Rules and messages here, by the code that asks the same; numbers of one rule share the first. */
const codes = new Map(
  Object.entries(hadolint)
    .toReversed()
    .flatMap(([code, rules]) =>
      typeof rules === 'string'
        ? []
        : rules.flatMap(({ rule, messages = ['*'] }) =>
            messages.map((message) => [`${rule} ${message}`, code] as const),
          ),
    ),
);

/** The code that stands for all that are found by the same messages. */
export function leading(code: string): string | undefined {
  const rules = Object.hasOwn(hadolint, code) ? hadolint[code] : undefined;
  if (rules === undefined || typeof rules === 'string') return undefined;
  const [first] = rules;
  return first && codes.get(`${first.rule} ${first.messages?.[0] ?? '*'}`);
}

/** Of every rule, those that are off by default, too. */
export async function findingsIn({ name, text }: Sample): Promise<readonly Finding[]> {
  const { findings } = await runChecks({
    checks: checks.filter((check): check is Check => check.appliesTo === 'dockerfile'),
    targets: [readDockerfile(name, Buffer.from(text))],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
  });
  return findings;
}

export async function ours(sample: Sample): Promise<Verdicts> {
  const { text } = sample;
  const findings = await findingsIn(sample);
  return new Set(
    findings.flatMap(({ check, messageId, location }) => {
      const code = codes.get(`${check} ${messageId}`) ?? codes.get(`${check} *`);
      return code === undefined ? [] : [`${code} ${beginning(text, location.line ?? 1)}`];
    }),
  );
}

/** Undefined for a sample that hadolint cannot read, or that it ends at with an error of its own. */
export async function theirs(
  program: string,
  samples: readonly Sample[],
): Promise<readonly (Verdicts | undefined)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-dockerfiles-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'corpus'));
  for (const { name, text } of samples) await writeFile(join(folder, 'corpus', name), text);
  const verdicts: (Verdicts | undefined)[] = [];
  const size = 40;
  for (let at = 0; at < samples.length; at += size) {
    verdicts.push(...(await asked(program, samples.slice(at, at + size), folder)));
  }
  return verdicts;
}

async function asked(
  program: string,
  samples: readonly Sample[],
  folder: string,
): Promise<readonly (Verdicts | undefined)[]> {
  const files = samples.map(({ name }) => join('corpus', name));
  const { stdout } = await execa(
    program,
    ['--no-fail', '--disable-ignore-pragma', '--info', 'DL3057', '--format', 'json', ...files],
    { cwd: folder, reject: false },
  );
  const said = parsed(stdout);
  if (said === undefined) {
    if (samples.length === 1) return [undefined];
    // One of them ended the program.
    const each = samples.map((sample) => asked(program, [sample], folder));
    return (await Promise.all(each)).flat();
  }
  return samples.map(({ text }, index) => {
    const own = said.filter(({ file }) => file === files[index]);
    if (own.some(({ code }) => code === 'DL1000')) return undefined;
    return new Set(
      own.flatMap(({ code, line }) => {
        const known = leading(code);
        return known === undefined ? [] : [`${known} ${beginning(text, line)}`];
      }),
    );
  });
}

interface Said {
  readonly file: string;
  readonly code: string;
  readonly line: number;
}

function parsed(stdout: string): readonly Said[] | undefined {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** The line in which the instruction begins that a line belongs to. */
function beginning(text: string, line: number): number {
  const { instructions } = readDockerfile('Dockerfile', Buffer.from(text));
  return (
    instructions.findLast(({ place, onBuild }) => !onBuild && place.line <= line)?.place.line ??
    line
  );
}
