import { describe, expect, it } from 'vitest';
import { undeclaredPaths } from '../../probe-paths.ts';
import { judge, shop, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const undeclared = {
  object: shop,
  container: 'shop',
  probe: 'readinessProbe',
  path: '/readyzz',
  place: { line: 93, column: 30 },
  declared: ['/healthz', '/readyz'],
} as const;

describe(check.id, () => {
  it('points to the path', async () => {
    const judged = await judge(
      check,
      simulationOf({ ended: 'deadline', undeclaredPaths: [undeclared] }),
    );
    expect(judged.said).toEqual([
      'undeclared: Deployment/shop, container shop: the readinessProbe asks for /readyzz, and the health paths declared are /healthz, /readyz',
    ]);
  });

  it('has nothing to say once everything is ready', async () => {
    const judged = await judge(check, simulationOf({ undeclaredPaths: [undeclared] }));
    expect(judged.said).toEqual([]);
  });
});

describe('the paths that probes ask for', () => {
  const pod = (probe: object) => ({
    value: { kind: 'Pod', spec: { containers: [{ name: 'web', readinessProbe: probe }] } },
    ...{ file: null, line: null, service: 'shop' },
  });
  const health = [{ service: 'shop', probes: [{ path: '/readyz' }] }];
  const paths = (probe: object, declared = health) =>
    undeclaredPaths({ objects: [pod(probe)], health: declared }).map(({ path }) => path);

  it('are compared with those of the service, without their query', () => {
    expect(paths({ httpGet: { path: '/readyzz' } })).toEqual(['/readyzz']);
    expect(paths({ httpGet: { path: '/readyz?full=1' } })).toEqual([]);
    expect(paths({ httpGet: { port: 80 } })).toEqual(['/']);
  });

  it('are compared with nothing where nothing is declared, or another machine is asked', () => {
    expect(paths({ httpGet: { path: '/x' } }, [])).toEqual([]);
    expect(paths({ httpGet: { path: '/x', host: 'example.com' } })).toEqual([]);
    expect(paths({ tcpSocket: { port: 80 } })).toEqual([]);
  });
});
