import { expect, it } from 'vitest';
import type { Finding, Fix } from '../core/finding.ts';
import { mend } from './mending.ts';

const place = (column: number) => ({ line: 1, column });
const fix = (column: number, text: string): Fix => ({
  description: text,
  edits: [{ file: 'a', from: place(column), to: place(column + 1), text }],
});
const finding = (check: string, column: number, by?: Fix): Finding => ({
  ...{ check, messageId: 'm', severity: 'info', message: '', location: { file: 'a' } },
  ...{ object: null, evidence: [], remediation: '', fingerprint: `${check}${column}` },
  ...{ waivedBy: null, ...(by && { fix: by }) },
});

/** A letter in capitals is found, and what is to be written in its place. */
const judge =
  (by: Readonly<Record<string, string>>) =>
  async (text: string): Promise<readonly Finding[]> =>
    [...text].flatMap((letter, index) => {
      if (!/[A-Z]/.test(letter)) return [];
      const put = by[letter];
      return [
        finding(letter, index + 1, put === undefined ? undefined : fix(index + 1, put)),
        ...(letter === 'X' ? [finding('x', index + 1)] : []),
      ];
    });

it('makes all fixes that hold', async () => {
  expect(await mend('A-B-C', judge({ A: 'a', B: 'b' }))).toEqual({
    text: 'a-b-C',
    descriptions: ['a', 'b'],
  });
});

it('goes on with what was mended, until nothing is left', async () => {
  // C stands where A stood, and that rule found something already.
  const { text } = await mend('A-C', judge({ A: 'a', C: 'cc' }));
  expect(text).toBe('a-cc');
  expect(await mend(text, judge({ A: 'a' }))).toEqual({ text, descriptions: [] });
});

it.each([
  ['a fix that changes nothing', { A: 'a', B: 'B', C: 'c' }, 'a-B-c'],
  ['a fix that brings another finding', { A: 'a', B: 'X', C: 'c' }, 'a-B-c'],
  ['a fix that brings another of a rule', { A: 'B', B: 'b', C: 'c' }, 'A-b-c'],
])('leaves out %s', async (_, by, expected) => {
  expect((await mend('A-B-C', judge(by))).text).toBe(expected);
});

it('makes the second of two fixes in one place after the first', async () => {
  const both = async (text: string): Promise<readonly Finding[]> =>
    ['one', 'two']
      .filter((word) => !text.includes(word))
      .map((word) =>
        finding(word, 1, {
          description: word,
          edits: [{ file: 'a', from: place(1), to: place(1), text: `${word} ` }],
        }),
      );
  expect((await mend('x', both)).text).toBe('two one x');
});

it('keeps what holds when there is too much that does not', async () => {
  const letters = `${'B'.repeat(500)}A`;
  const { text } = await mend(`A${letters}`, judge({ A: 'a', B: 'B' }));
  expect(text.startsWith('aB')).toBe(true);
});

it('ends with a text that has a new fix whenever it is judged', async () => {
  let judged = 0;
  const endless = async (text: string) => {
    judged += 1;
    return Array.from({ length: 2000 - judged }, (_, at) => finding('a', at, fix(1, `${text}x`)));
  };
  await mend('x', endless);
  expect(judged).toBeLessThan(300);
});
