import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../config/parse.ts';
import { manifestSetOf } from '../manifest/load.ts';
import { documents, podWith } from '../manifest/testing.ts';
import { configuredIn } from './configured.ts';
import { examine, type Options } from './testing.ts';

const pod = (name: string, namespace?: string) =>
  podWith('', 'hostPID: true').replace(
    'name: web\n',
    `name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`,
  );
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: x } }
  template:
    metadata: { labels: { app: x } }
    spec: { hostPID: true, containers: [{ name: x, image: "x:1" }] }
`;
const release = manifestSetOf(
  [
    ['deploy/web.yaml', documents(pod('web', 'shop'), pod('web-2', 'shop-test'))],
    ['deploy/db/db.yaml', documents(pod('db', 'data'), pod('loose'))],
    ['web.yaml', deployment],
  ].map(([path = '', text = '']) => ({ path, bytes: Buffer.from(text) })),
);

async function seen(entry: string, options: Options = {}) {
  const text = `version: 1\nrules:\n  suppress:\n    - { ${entry} }\n`;
  const { own, document } = parseConfig(text, 'deploycheck.yaml');
  const configured = configuredIn({
    value: {
      checklist: { evidenceMaxAge: '7d', waivers: 'w' },
      sla: { rollback: '30m', restore: '5m', rpo: '24h' },
      version: 1,
      rules: { ...own.rules, preset: 'default' },
    },
    locate: (path) => ({ file: 'deploycheck.yaml', ...document.locate(path) }),
  });
  const { run, said } = await examine(release, {
    only: ['manifest/host-namespaces', 'secret/in-manifests'],
    sources: { configured },
    ...options,
  });
  return {
    names: (run.suppressed ?? []).map(
      ({ finding: { object } }) => `${object?.kind}/${object?.name}`,
    ),
    where: run.suppressed?.[0]?.where,
    said,
  };
}

const rule = 'rule: manifest/host-namespaces, reason: node agents';

describe('an entry of rules.suppress', () => {
  it.each([
    ['', ['Pod/web', 'Pod/web-2', 'Pod/db', 'Pod/loose', 'Deployment/web']],
    ['kind: Deployment', ['Deployment/web']],
    ['kind: "*o*"', ['Pod/web', 'Pod/web-2', 'Pod/db', 'Pod/loose', 'Deployment/web']],
    ['namespace: shop', ['Pod/web', 'Deployment/web']],
    ['namespace: "shop*"', ['Pod/web', 'Pod/web-2', 'Deployment/web']],
    ['namespace: "*"', ['Pod/web', 'Pod/web-2', 'Pod/db', 'Pod/loose', 'Deployment/web']],
    ['name: "web-?"', ['Pod/web-2']],
    ['name: "{db,loose}"', ['Pod/db', 'Pod/loose']],
    ['kind: Pod, name: web', ['Pod/web']],
    ['object: Pod/web', ['Pod/web']],
    ['object: Pod/shop-*/web*', ['Pod/web-2']],
    ['path: "deploy/**"', ['Pod/web', 'Pod/web-2', 'Pod/db', 'Pod/loose']],
    ['path: "deploy/*.yaml"', ['Pod/web', 'Pod/web-2']],
    ['path: web.yaml, kind: Deployment', ['Deployment/web']],
  ])('with %j covers %j', async (more, names) => {
    const seenHere = await seen(more === '' ? rule : `${rule}, ${more}`);
    expect([seenHere.names, seenHere.said]).toEqual([names, []]);
    expect(seenHere.where).toEqual({ file: 'deploycheck.yaml', line: 4, column: 7 });
  });

  it.each([
    [
      `${rule}, until: 2026-06-29`,
      'expired 4:7 entry 1 of rules.suppress for manifest/host-namespaces ended with 2026-06-29',
    ],
    [
      'rule: manifest/host-namespace, reason: x',
      'unknown-rule 4:7 entry 1 of rules.suppress is for manifest/host-namespace, and there is no such rule; did you mean manifest/host-namespaces?',
    ],
    [
      'rule: secret/in-manifests, reason: x',
      'never 4:7 entry 1 of rules.suppress is for secret/in-manifests, whose findings nothing can suppress',
    ],
    [
      'rule: manifest/suppression, reason: x',
      'never 4:7 entry 1 of rules.suppress is for manifest/suppression, whose findings nothing can suppress',
    ],
    [
      `${rule}, name: api`,
      'unmatched 4:7 entry 1 of rules.suppress for manifest/host-namespaces fits nothing that was looked at',
    ],
  ])('that is %j covers nothing, which is told', async (entry, message) => {
    const { names, said } = await seen(entry);
    expect([names, said]).toEqual([[], [message]]);
  });

  it('for a rule that finds nothing there is told', async () => {
    const { said } = await seen('rule: manifest/privileged, kind: Pod, reason: x', {
      only: ['manifest/privileged'],
    });
    expect(said).toEqual([
      'unused 4:7 entry 1 of rules.suppress for manifest/privileged suppresses nothing; remove it',
    ]);
  });

  it.each(['manifest/image-digest-of-old', 'image/labels', 'manifest/privileged'])(
    'for %s is not called unused where it was not run',
    async (id) => {
      const { said } = await seen(`rule: ${id}, reason: x`);
      expect(said.filter((line) => line.startsWith('unused'))).toEqual([]);
    },
  );
});
