import type { Scenario, Try } from './scenario.ts';

const head = `# Reliability

\`npm run soak\` tries these and writes this page. The tests try a few of the same.

| what | claim | holds | how often which | seed | commit |
| --- | --- | --- | --- | --- | --- |`;

export interface Soaked {
  readonly tries: readonly Try[];
  readonly seed: number;
  readonly commit: string;
}

/** The page with what a scenario came to: a row, and a section for its table; those of before are replaced. */
export function reported(before: string, { name, claim }: Scenario, soaked: Soaked): string {
  const { tries, seed, commit } = soaked;
  const [top = '', ...sections] = (before === '' ? head : before.trimEnd()).split('\n\n## ');
  const good = tries.filter(({ problem }) => problem === '').length;
  const counts = countsOf(tries, ({ how }) => how).map(([how, count]) => `${count} ${how}`);
  const row = `| ${name} | ${claim} | ${good} of ${tries.length} | ${counts.sort().join(', ')} | ${seed} | ${commit} |`;
  const lines = top.split('\n').filter((line) => !line.startsWith(`| ${name} |`));
  const others = sections.filter((section) => !section.startsWith(`${name}\n`));
  const table = tableOf(tries);
  const own = table === '' ? [] : [`${name}\n\n${table}`];
  return `${[[...lines, row].join('\n').trimEnd(), ...[...others, ...own].sort()].join('\n\n## ')}\n`;
}

function countsOf(tries: readonly Try[], by: (one: Try) => string): [string, number][] {
  return [...Map.groupBy(tries, by)].map(([key, all]) => [key, all.length]);
}

/** How often which row met which column. */
function tableOf(tries: readonly Try[]): string {
  const placed = tries.flatMap(({ at }) => at ?? []);
  const names = (key: 'row' | 'column') => [...new Set(placed.map((at) => at[key]))].sort();
  const columns = names('column');
  if (columns.length === 0) return '';
  const lines = names('row').map((row) => {
    const cells = columns.map(
      (column) => placed.filter((at) => at.row === row && at.column === column).length,
    );
    return `| ${[row, ...cells].join(' | ')} |`;
  });
  const rule = ['', ...columns].map(() => '---').join(' | ');
  return [`| | ${columns.join(' | ')} |`, `| ${rule} |`, ...lines].join('\n');
}
