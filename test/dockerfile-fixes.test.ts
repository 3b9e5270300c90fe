import { expect, it } from 'vitest';
import type { Finding } from '../src/core/finding.ts';
import type { Dockerfile } from '../src/validators/dockerfile/dockerfile.ts';
import { readDockerfile } from '../src/validators/dockerfile/read.ts';
import { mend } from '../src/validators/mending.ts';
import { corpusOf } from './flows/dockerfiles/corpus.ts';
import { findingsIn } from './flows/dockerfiles/peers.ts';

const read = (text: string): Dockerfile => readDockerfile('Dockerfile', Buffer.from(text));

const judge = (text: string) => findingsIn({ name: 'Dockerfile', text });

/** The lines of each instruction, and what stands before each and at the end. */
function partsOf(text: string): { instructions: string[]; between: string[] } {
  const lines = text.split('\n');
  const instructions: string[] = [];
  const between: string[] = [];
  let next = 0;
  for (const { place, lastLine, onBuild } of read(text).instructions) {
    if (onBuild) continue;
    between.push(lines.slice(next, place.line - 1).join('\n'));
    instructions.push(lines.slice(place.line - 1, lastLine).join('\n'));
    next = lastLine;
  }
  return { instructions, between: [...between, lines.slice(next).join('\n')] };
}

/** Which instructions, by number, some fix is about. */
const fixable = (text: string, findings: readonly Finding[]): number[] => {
  const outer = read(text).instructions.filter(({ onBuild }) => !onBuild);
  return findings.flatMap(({ fix }) =>
    (fix?.edits ?? []).map(({ from }) =>
      outer.findLastIndex(({ place }) => place.line <= from.line),
    ),
  );
};

const variants = {
  'as they are': (text: string) => text,
  'with the line ends of Windows': (text: string) => text.replaceAll('\n', '\r\n'),
  'with comments and the escape directive': (text: string) =>
    `# escape=\\\n# the image\n${text.replaceAll('\nRUN', '\n  # what follows apt-get install\n\nRUN')}`,
  'with another escape sign': (text: string) => `# escape=\`\n${text}`,
  'in small letters': (text: string) =>
    text.replaceAll(/^(?:FROM|RUN|ADD|ENV|CMD|MAINTAINER|COPY)\b/gm, (word) => word.toLowerCase()),
};

const samples = corpusOf(300, 7);
const cases = Object.entries(variants).map(([how, written], at, all) => ({
  ...{ how, written },
  own: samples.filter((_, index) => index % all.length === at),
}));

it.each(cases)('mends Dockerfiles $how, once', async ({ written, own }) => {
  let changed = 0;
  for (const { name, text: plain } of own) {
    const text = written(plain);
    const touched = new Set<number>();
    const judging = async (form: string) => {
      const findings = await judge(form);
      for (const index of fixable(form, findings)) touched.add(index);
      return findings;
    };
    const { text: after } = await mend(text, judging);
    if (after === text) continue;
    changed += 1;
    // Nothing is left that a fix could still mend, and nothing was found that was not there.
    expect([name, (await mend(after, judge)).text]).toEqual([name, after]);
    const before = new Set((await judge(text)).map(({ check }) => check));
    const found = (await judge(after)).map(({ check }) => check);
    expect([name, found.filter((check) => !before.has(check))]).toEqual([name, []]);
    // The rest of the file is as it was, byte for byte.
    const [old, now] = [partsOf(text), partsOf(after)];
    const untouched = (all: readonly string[]) => all.filter((_one, index) => !touched.has(index));
    expect([name, untouched(now.instructions)]).toEqual([name, untouched(old.instructions)]);
    expect([name, now.between]).toEqual([name, old.between]);
    expect([name, after.includes('\r\n')]).toEqual([name, text.includes('\r\n')]);
    expect([name, /[^\r]\n/.test(after)]).toEqual([name, /[^\r]\n/.test(text)]);
  }
  expect(changed).toBeGreaterThan(30);
});
