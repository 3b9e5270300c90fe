import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../src/core/package-root.ts';

/**
 * The arrows of the house: a folder may use itself and what stands left of it. `report` uses core
 * alone; adapter interfaces are types anyone may import, implementations only commands/adapters.ts.
 */
const order = [
  'core',
  'config',
  'validators',
  'probe',
  'simulate',
  'backup',
  'migrations',
  'load',
  'rollback',
  'checklist',
  'commands',
];

/** Which npm packages each house may import at run time; folders not named may use none. */
const packages: Readonly<Record<string, readonly string[]>> = {
  core: ['zod'],
  config: ['zod', 'yaml'],
  validators: ['zod', 'yaml', 'js-yaml', 'smol-toml', 'unbash'],
  backup: ['zod'],
  checklist: ['zod', 'modern-tar'],
  adapters: ['execa', '@inquirer/prompts', '@kubernetes/client-node', 'yaml', 'dockerode', 'pg'],
  commands: ['@oclif/core', 'listr2', 'diff'],
  'main.ts': ['@oclif/core'],
  'oclif-fallback.ts': ['@oclif/core'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

async function sources(): Promise<string[]> {
  const entries = await readdir(packageFile('src'), { recursive: true });
  return entries.filter(
    (path) => path.endsWith('.ts') && !/\.test\.ts$|\/testing\.ts$|\/fixtures\//.test(path),
  );
}

async function importsOf(path: string): Promise<Import[]> {
  const text = await readFile(packageFile(join('src', path)), 'utf8');
  return [...text.matchAll(statement)].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const to = name.startsWith('.')
      ? relative(packageFile('src'), join(packageFile('src'), dirname(path), name))
      : name;
    return { from: path, to, typeOnly: match[1] !== undefined };
  });
}

function violation({ from, to, typeOnly }: Import): string | undefined {
  const [house = ''] = from.split('/');
  const line = `${from} -> ${to}`;
  if (to.startsWith('node:')) return undefined;
  if (!/\.(ts|json)$/.test(to)) {
    const name = to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/');
    if (typeOnly) return undefined;
    return packages[house]?.includes(name) ? undefined : `${line}: package not allowed here`;
  }
  const [target = ''] = to.split('/');
  if (target === house || house === 'main.ts') return undefined;
  if (target === 'adapters') {
    if (typeOnly) return undefined;
    return from === 'commands/adapters.ts' ? undefined : `${line}: implementation of an adapter`;
  }
  if (house === 'report') return target === 'core' ? undefined : `${line}: reports use core alone`;
  if (house === 'adapters')
    return target === 'core' ? undefined : `${line}: adapters use core alone`;
  if (target === 'report')
    return house === 'commands' ? undefined : `${line}: reports are for commands`;
  return order.indexOf(target) < order.indexOf(house) ? undefined : `${line}: against the order`;
}

describe('the import graph', () => {
  it('has only the arrows of docs/architecture.md', async () => {
    const all = (await Promise.all((await sources()).map(importsOf))).flat();
    expect(all.length).toBeGreaterThan(200);
    expect(all.flatMap((entry) => violation(entry) ?? [])).toEqual([]);
  });

  it('uses no package that docs/dependencies.md gives no reason for', async () => {
    const text = await readFile(packageFile('docs/dependencies.md'), 'utf8');
    const named = new Set(Object.values(packages).flat());
    expect([...named].filter((name) => !new RegExp(`\\| ${name} +\\|`).test(text))).toEqual([]);
  });

  it('would notice a wrong arrow', () => {
    const wrong = [
      { from: 'core/engine.ts', to: 'config/load.ts', typeOnly: true },
      { from: 'report/html/index.ts', to: 'config/load.ts', typeOnly: false },
      { from: 'checklist/run.ts', to: 'adapters/git/command.ts', typeOnly: false },
      { from: 'core/engine.ts', to: 'yaml', typeOnly: false },
    ];
    expect(wrong.map(violation).filter((line) => line === undefined)).toEqual([]);
  });
});
