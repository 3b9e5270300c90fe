import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl } from '../../systems/kubernetes.ts';
import { createYard, obedient, shell, whenUp } from './support.ts';

const bed = await systems('engine', 'registry', 'kubernetes');

describe.skipIf(!bed)('a proposal', () => {
  it('is taken by a cluster at its strictest level, and the image works there', {
    timeout: 300_000,
  }, async () => {
    if (!bed) return;
    await using yard = await createYard(bed);
    await using namespace = await createNamespace('proposal');
    const inside = (args: readonly string[], input?: string) =>
      kubectl(['--namespace', namespace.name, ...args], input);
    await kubectl([
      ...['label', 'namespace', namespace.name],
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
    const image = await yard.image('proposed', {
      files: [{ path: 'var/cache/app/', mode: 0o777 }],
      config: shell(`echo x > /var/cache/app/x || exit 3; ${obedient}`),
    });
    const file = join(yard.folder, 'proposal.yaml');
    await yard.probe(image, ...whenUp, '--proposal', file);

    const spec = parse(await readFile(file, 'utf8'));
    const [container] = spec.containers;
    const pod = (name: string, own: object) =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
        spec: { ...spec, containers: [{ ...container, image, ...own }] },
      });
    await inside(['apply', '-f', '-'], pod('proposed', {}));
    await inside(['wait', '--for=condition=Ready', 'pod/proposed', '--timeout=120s']);
    const status = await inside(['exec', 'proposed', '--', 'cat', '/proc/1/status']);
    const { runAsUser } = container.securityContext;
    expect(status).toMatch(new RegExp(`^Uid:\\t${runAsUser}\\t`, 'm'));
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    // What is left out of it is not needed by chance: without the folder it does not start.
    await inside(['apply', '-f', '-'], pod('without', { volumeMounts: [] }));
    await inside([
      ...['wait', '--for=jsonpath={.status.containerStatuses[0].restartCount}=1'],
      ...['pod/without', '--timeout=120s'],
    ]);
  });
});
