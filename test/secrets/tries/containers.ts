/** A file that a secret is put into. */
export interface Container {
  readonly name: string;
  readonly ending: string;
  /** @param isTold whether it is found in base64, too */
  takes(text: string, isTold: boolean): boolean;
  put(text: string, random: () => number): Buffer;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

const wordFrom = (random: () => number): string =>
  Array.from(
    { length: 2 + Math.floor(random() * 8) },
    () => letters[Math.floor(random() * letters.length)],
  ).join('');

/** Lines of words, as around a secret in any file. */
export const linesFrom = (random: () => number): string =>
  Array.from(
    { length: Math.floor(random() * 40) },
    () => `${Array.from({ length: Math.floor(random() * 9) }, () => wordFrom(random)).join(' ')}\n`,
  ).join('');

const between = (text: string, random: () => number): string =>
  `${linesFrom(random)}  value: ${text}\n${linesFrom(random)}`;

const isText = (text: string) => /^[\t\n\r\x20-\x7e]*$/.test(text);
/** Without what has to be escaped, or begins a line of its own. */
const isWord = (text: string) => /^[\x21-\x7e]+$/.test(text) && !/["\\]/.test(text);

const bytes = (text: string) => Buffer.from(text, 'latin1');
const noiseBytes = (random: () => number): Buffer =>
  Buffer.from([0, ...Array.from({ length: Math.floor(random() * 5000) }, () => random() * 256), 0]);

export const containers: readonly Container[] = [
  {
    ...{ name: 'text', ending: 'txt' },
    takes: () => true,
    put: (text, random) => bytes(between(text, random)),
  },
  {
    ...{ name: 'text of Windows', ending: 'txt' },
    takes: isText,
    put: (text, random) => bytes(between(text, random).replace(/\r?\n/g, '\r\n')),
  },
  {
    ...{ name: 'JSON', ending: 'json' },
    takes: isWord,
    put: (text, random) => bytes(JSON.stringify({ note: linesFrom(random), value: text }, null, 2)),
  },
  {
    ...{ name: 'YAML', ending: 'yaml' },
    takes: isWord,
    put: (text, random) =>
      bytes(`entries:\n  - ${wordFrom(random)}: "${text}"\n  - ${wordFrom(random)}: 1\n`),
  },
  {
    ...{ name: 'a binary file', ending: 'bin' },
    takes: () => true,
    put: (text, random) =>
      Buffer.concat([noiseBytes(random), bytes(`\n${text}\n`), noiseBytes(random)]),
  },
  {
    ...{ name: 'UTF-16', ending: 'txt' },
    takes: isText,
    put(text, random) {
      const written = Buffer.from(`\ufeff${between(text, random)}`, 'utf16le');
      return random() < 0.5 ? written : written.swap16();
    },
  },
  {
    ...{ name: 'base64', ending: 'yaml' },
    takes: (text, isTold) => isTold && !/^\n|^https:/.test(text),
    put(text, random) {
      const whole = bytes(`${'#'.repeat(random() * 3)}\n${text}\n`).toString('base64');
      return bytes(`kind: Secret\ndata:\n  ${wordFrom(random)}: ${whole}\n`);
    },
  },
];
