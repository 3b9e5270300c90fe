import type { HttpAnswer } from '../../core/ask-http.ts';

/** A value that a careless program takes for more than a value. */
export interface Hostile {
  /** What is tried, for a person. */
  readonly attack: string;
  readonly value: unknown;
  /** Whether it can only stand in a JSON body. */
  readonly onlyInBody?: boolean;
  /** How an answer shows that it worked, in words; undefined when it does not. */
  sign(answer: HttpAnswer): string | undefined;
}

/** Of two primes, so that nobody answers their product by chance. */
const [factor, other] = [7919, 7907];
const product = String(factor * other);

/** Milliseconds that a sleep asks for, and those from which on it counts as slept. */
const sleepSeconds = 4;
const sleptMs = 3500;

const evaluated = ({ body }: HttpAnswer) =>
  body.includes(product) ? 'the result of a calculation in it' : undefined;
const slept = ({ durationMs }: HttpAnswer) =>
  durationMs >= sleptMs ? `an answer ${sleepSeconds} s later, as it asked for` : undefined;
const nothing = () => undefined;

/** Messages by which databases and run times are known. */
const leaks = [
  /syntax error at or near|unterminated quoted string|SQLSTATE\[?\s*[0-9A-Z]{5}|PG::\w+Error/i,
  /You have an error in your SQL syntax|ORA-\d{5}|SQLITE_ERROR|Unclosed quotation mark/i,
  /Traceback \(most recent call last\)|\n\s+at [\w.$<>]+ \([^)]*:\d+:\d+\)|java\.lang\.\w+Exception/,
];

/** The text of an error that was meant for a log. */
export function leakIn({ body }: Pick<HttpAnswer, 'body'>): string | undefined {
  const found = leaks.map((pattern) => pattern.exec(body)?.[0]).find(Boolean);
  return found?.trim().slice(0, 60);
}

/** The classes of the OWASP Web Security Testing Guide 4.2, section 4.7, one or two values of each. */
export const hostileValues: readonly Hostile[] = [
  { attack: 'a quote (SQL)', value: `'`, sign: nothing },
  {
    attack: 'a sleep (SQL, PostgreSQL)',
    value: `x' || (select case when pg_sleep(${sleepSeconds}) is null then '' else '' end) || '`,
    sign: slept,
  },
  { attack: 'a sleep (SQL, MySQL)', value: `x' OR SLEEP(${sleepSeconds})='1`, sign: slept },
  {
    attack: 'a calculation (template)',
    value: `\${${factor}*${other}}{{${factor}*${other}}}<%=${factor}*${other}%>#{${factor}*${other}}`,
    sign: evaluated,
  },
  {
    attack: 'a calculation (shell)',
    value: `;expr ${factor} '*' ${other};echo $(expr ${factor} '*' ${other})`,
    sign: evaluated,
  },
  {
    attack: 'a path upwards',
    value: '../../../../../../../../etc/passwd',
    sign: ({ body }) => (/root:[^:\n]*:0:0:/.test(body) ? 'the file /etc/passwd' : undefined),
  },
  {
    attack: 'a script (HTML)',
    value: `<script>alert(${product})</script>`,
    sign: ({ body, headers }) =>
      /html/i.test(headers['content-type'] ?? '') && body.includes(`<script>alert(${product})<`)
        ? 'the script in a page'
        : undefined,
  },
  {
    attack: 'a line break (headers)',
    value: `x\r\nX-Deploycheck: ${product}`,
    sign: ({ headers }) =>
      headers['x-deploycheck'] === undefined ? undefined : 'a header of its own',
  },
  { attack: 'a zero byte', value: 'x\u0000y', sign: nothing },
  { attack: 'a number beyond 64 bits', value: '99999999999999999999999', sign: nothing },
  { attack: '4,000 characters', value: 'A'.repeat(4000), sign: nothing },
  { attack: 'an object (NoSQL)', value: { $ne: null }, onlyInBody: true, sign: nothing },
  { attack: 'a list', value: ['a', { b: [] }], onlyInBody: true, sign: nothing },
];
