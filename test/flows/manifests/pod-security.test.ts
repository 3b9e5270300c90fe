import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findArtefact } from '../../../src/validators/manifest/server-rules/artefact.ts';
import {
  type ServerRules,
  startServerRules,
} from '../../../src/validators/manifest/server-rules/host.ts';
import { type Fixture, fixturesOf } from './pod-security-data.ts';

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
