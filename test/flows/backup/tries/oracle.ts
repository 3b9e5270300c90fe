import { execa } from 'execa';
import { connect, never } from '../support.ts';

/**
 * All that PostgreSQL itself writes about a database, in an order of its own: pg_dump's text with rows and
 * sections sorted, and the rows of materialised views, which it does not write.
 */
export async function toldByPostgres(url: string): Promise<readonly string[]> {
  const { stdout } = await execa('pg_dump', ['--no-password', '--no-subscriptions', url], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const sections = stdout
    .split(/\n(?=-- (?:Data for )?Name: )/)
    .map((section) => withoutHead(section).join('\n'));
  return [...sections.sort(), ...(await materialised(url))];
}

/** Versions, and keys that are random in each dump. */
const incidental = /^(?:-- Dumped (?:from|by) .*|\\(?:un)?restrict .*)$/;

function withoutHead(section: string): readonly string[] {
  const lines = section.split('\n').filter((line) => !incidental.test(line) && line !== '--');
  const from = lines.findIndex((line) => /^COPY .* FROM stdin;$/.test(line));
  if (from < 0) return lines;
  const end = lines.indexOf('\\.', from);
  return [...lines.slice(0, from + 1), ...lines.slice(from + 1, end).sort(), ...lines.slice(end)];
}

async function materialised(url: string): Promise<readonly string[]> {
  await using connection = await connect(url);
  const { rows } = await connection.query(
    `select format('%I.%I', schemaname, matviewname) as name from pg_matviews where ispopulated order by 1`,
    [],
    never,
  );
  const told: string[] = [];
  for (const { name } of rows) {
    const content = await connection.query(
      `select row_to_json(m)::text as line from ${name} m order by 1`,
      [],
      never,
    );
    told.push(`${name}\n${content.rows.map(({ line }) => line).join('\n')}`);
  }
  return told;
}

/** The first in which two differ; empty when they are equal. */
export function firstDifference(a: readonly string[], b: readonly string[]): string {
  const at = a.findIndex((section, index) => section !== b[index]);
  if (at < 0) return a.length === b.length ? '' : `more of it: ${b[a.length]}`;
  const [left, right] = [(a[at] ?? '').split('\n'), (b[at] ?? '').split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  const name = left.find((text) => text.startsWith('-- ')) ?? '';
  return `${name}: ${JSON.stringify(left[line] ?? 'the end')} became ${JSON.stringify(right[line] ?? 'the end')}`;
}
