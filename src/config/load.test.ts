import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { loadConfig, requireFile } from './load.ts';
import { parseConfig } from './parse.ts';
import { settings } from './settings.ts';

function problem(text: string): string {
  try {
    parseConfig(text, 'deploycheck.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
}

describe('a configuration with a mistake', () => {
  it.each([
    [
      'misspelt key',
      'version: 1\nservics: []\n',
      "2:1: servics: unknown key; did you mean 'services'?",
    ],
    [
      'misspelt key inside a list',
      'version: 1\nservices:\n  - name: a\n    image: b\n    manifest: [c]\n',
      "5:5: services.0.manifest: unknown key; did you mean 'manifests'?",
    ],
    ['wrong version', 'version: 2\n', '1:10: version: found 2; expected 1'],
    ['no version', 'services: []\n', '1:1: version: missing; expected 1'],
    [
      'wrong type',
      'version: 1\nservices: {}\n',
      '2:11: services: found a mapping; expected a list',
    ],
    [
      'word near an allowed one',
      'version: 1\nrules: { preset: strickt }\n',
      "2:18: rules.preset: found 'strickt'; expected default or recommended or strict or cis; did you mean 'strict'?",
    ],
    [
      'duration',
      'version: 1\nsla: { rollback: soon }\n',
      '2:18: sla.rollback: expected a duration',
    ],
    ['two documents', 'version: 1\n---\nversion: 1\n', '3:1: a second document; expected one'],
    ['empty file', '', "1:1: the file is empty; expected 'version: 1'"],
    ['broken YAML', 'version: [1\n', '2:1: Flow sequence'],
    ['duplicate key', 'version: 1\nversion: 1\n', "2:1: the key 'version' is written twice"],
    [
      'a suppression without a reason',
      'version: 1\nrules: { suppress: [{ rule: image/labels }] }\n',
      '2:21: rules.suppress.0.reason: missing; expected text',
    ],
    [
      'a suppression with an empty reason',
      "version: 1\nrules: { suppress: [{ rule: image/labels, reason: ' ' }] }\n",
      '2:51: rules.suppress.0.reason: expected a reason',
    ],
    [
      'a suppression until a day that there is not',
      'version: 1\nrules: { suppress: [{ rule: image/labels, reason: x, until: "2026-02-30" }] }\n',
      '2:61: rules.suppress.0.until',
    ],
    [
      'one name twice',
      'version: 1\nservices: [{ name: a, image: b }, { name: a, image: c }]\n',
      '2:11: services: expected every service to have a name of its own',
    ],
    ['a list', '- 1\n', '1:1: the document: found a list; expected a mapping'],
  ])('%s', (_, text, message) => {
    expect(problem(text)).toContain(`deploycheck.yaml:${message}`);
  });

  it.each([
    'version: 1\ndatabases: { main: hunter2hunter2 }\n',
    'version: 1\ndatabases: { main: { url: *hunter2hunter2 } }\n',
    'version: 1\nsla: hunter2hunter2\n',
    'version: 1\n"hunter2hunter2" "x"\n',
  ])('does not print a password in %j', (text) => {
    expect(problem(text)).not.toContain('hunter2');
  });

  it('does not print a password typed where a reference belongs', () => {
    const said = problem('version: 1\ndatabases: { main: { url: hunter2hunter2 } }\n');
    expect(said).toContain('2:27: databases.main.url: expected env:NAME or file:PATH');
    expect(said).not.toContain('hunter2');
  });
});

describe('layers', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'deploycheck-config-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('keeps the origin of every value', async () => {
    await writeFile(join(root, 'deploycheck.yaml'), 'version: 1\nsla:\n  restore: 7m\n');
    const env = { DEPLOYCHECK_SLA_RPO: '1h' };
    const loaded = await loadConfig({ folder: root, env });
    const origins = Object.fromEntries(settings(loaded).map(({ path, origin }) => [path, origin]));
    expect(loaded.value.sla).toEqual({ rollback: '30m', restore: '7m', rpo: '1h' });
    expect(origins).toMatchObject({
      'sla.rollback': 'default',
      'sla.restore': 'deploycheck.yaml:3',
      'sla.rpo': 'environment',
    });
  });

  it('works on defaults without a file, unless one is named or needed', async () => {
    const loaded = await loadConfig({ folder: root, env: {} });
    expect(loaded.file).toBeNull();
    expect(() => requireFile(loaded)).toThrow('no deploycheck.yaml');
    await expect(loadConfig({ folder: root, named: 'x.yaml', env: {} })).rejects.toMatchObject({
      code: 'config-missing',
    });
  });

  it('refuses a bad value from the environment by name', async () => {
    const env = { DEPLOYCHECK_SLA_ROLLBACK: 'never' };
    await expect(loadConfig({ folder: root, env })).rejects.toThrow('DEPLOYCHECK_SLA_ROLLBACK');
  });
});

it.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['250ms', 250],
  ['7d', 604_800_000],
  ['', undefined],
  ['5', undefined],
  ['5 m', undefined],
])('duration %s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
