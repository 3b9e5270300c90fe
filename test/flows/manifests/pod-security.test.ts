import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageFile } from '../../../src/core/package-root.ts';
import { findArtefact } from '../../../src/validators/manifest/server-rules/artefact.ts';
import {
  type ServerRules,
  startServerRules,
} from '../../../src/validators/manifest/server-rules/host.ts';

/** A pod of the evaluator's own test data, which has them for every level and version it knows. */
interface Fixture {
  readonly file: string;
  readonly level: string;
  readonly version: string;
  readonly expected: 'pass' | 'fail';
  readonly pod: Readonly<Record<string, unknown>>;
}

const upstream = 'k8s.io/pod-security-admission';

/** Folder of the module that the rules are built with. */
async function upstreamFolder(): Promise<string> {
  const cwd = packageFile('kube-rules');
  await execa('go', ['mod', 'download', upstream], { cwd });
  const { stdout } = await execa('go', ['list', '-m', '-f', '{{.Dir}}', upstream], { cwd });
  return stdout;
}

async function fixturesOf(level: string): Promise<readonly Fixture[]> {
  const folder = join(await upstreamFolder(), 'test/testdata', level);
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    file.endsWith('.yaml'),
  );
  return Promise.all(
    files.sort().map(async (file): Promise<Fixture> => {
      const [version = '', expected] = file.split('/');
      if (expected !== 'pass' && expected !== 'fail') throw new Error(`${file} is neither`);
      const pod = parse(await readFile(join(folder, file), 'utf8'));
      return { file, level, version, expected, pod };
    }),
  );
}

const asDeployment = ({ metadata, spec }: Fixture['pod']): Fixture['pod'] => {
  const labels = { app: 'web' };
  const { annotations } = metadata as { readonly annotations?: object };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec },
    },
  };
};

describe('the levels of the Pod Security Standards', () => {
  let rules: ServerRules;
  beforeAll(async () => {
    const artefact = await findArtefact();
    if (!artefact) throw new Error('the module is not there');
    rules = startServerRules(artefact);
  });
  afterAll(() => rules?.close());

  it.each(['baseline', 'restricted'])(
    '%s: what upstream says, in every version',
    async (level) => {
      const fixtures = await fixturesOf(level);
      const versions = new Set(fixtures.map(({ version }) => version));
      expect(versions.size).toBeGreaterThan(30);
      expect(fixtures.filter(({ expected }) => expected === 'fail').length).toBeGreaterThan(1000);
      for (const [kind, made] of [
        ['Pod', ({ pod }: Fixture) => pod],
        ['Deployment', ({ pod }: Fixture) => asDeployment(pod)],
      ] as const) {
        const answers = await rules.ask(
          fixtures.map((fixture) => {
            const securityVersion = fixture.version;
            return {
              op: 'check',
              doc: made(fixture),
              ns: 'default',
              security: level,
              securityVersion,
            };
          }),
        );
        const wrong = fixtures.flatMap(({ file, expected }, at) => {
          const found = answers[at]?.security.length === 0 ? 'pass' : 'fail';
          return found === expected ? [] : [`${kind} ${level}/${file}: ${found}`];
        });
        expect(wrong).toEqual([]);
      }
    },
    300_000,
  );
});
