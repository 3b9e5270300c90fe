import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Simulation } from '../../observation.ts';

/** The temporary namespace is gone, and what it had with it. */
export const check: Check<Simulation> = {
  id: 'simulation/removed',
  title: 'Nothing of the simulation is left',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'What a rehearsal leaves behind runs on, costs money and holds names; and a namespace that does not go in the sandbox does not go in production.',
    messages: {
      blocked:
        '{{namespace}} does not go: {{object}} has {{finalizers}}{{owner}}; when that is solved it goes by itself, and `deploycheck simulate clean --all` looks again',
      'blocked-by-server':
        '{{namespace}} does not go: {{owner}}; `deploycheck simulate clean --all` tries again',
      foreign: '{{namespace}} was made by somebody else meanwhile and was left alone',
      'volume-kept':
        'the volume {{volume}} outlived {{namespace}} by its reclaim policy; delete it by hand',
    },
    remediation:
      'Let the controller that set the finalizer do its work, or ask its owner. deploycheck never removes a finalizer.',
    bad: {
      language: 'observation',
      text: `{
  "removal": {
    "state": "blocked", "durationMs": 120000, "volumesKept": [],
    "blockers": [
      { "object": "ConfigMap/held", "finalizers": ["example.com/hold"], "owner": "hold-controller" }
    ]
  }
}
`,
      findings: [{ messageId: 'blocked' }],
    },
    good: {
      language: 'observation',
      text: '{ "removal": { "state": "removed", "durationMs": 3000, "volumesKept": [], "blockers": [] } }\n',
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/'],
  },
  run(context) {
    const { sandbox, removal } = context.target;
    if (sandbox === null) return [];
    const namespace = `namespace ${sandbox.name}`;
    // Names of namespaces differ from run to run.
    const found = (messageId: string, identity: string, data: Record<string, string>): Draft => {
      return { messageId, identity, data: { namespace, ...data }, location: {} };
    };
    if (removal === null) {
      context.notExamined(namespace, 'its removal was not looked at');
      return [];
    }
    const volumes = removal.volumesKept.map((volume): Draft => {
      return { ...found('volume-kept', volume, { volume }), severity: 'warning' };
    });
    if (removal.state === 'foreign') return [found('foreign', 'foreign', {}), ...volumes];
    if (removal.state === 'removed') return volumes;
    const held = removal.blockers.filter(({ finalizers, object }) => {
      return finalizers.length > 0 && !object.startsWith('Namespace/');
    });
    const causes = held.map(({ object, finalizers, owner }) =>
      found('blocked', object, {
        object,
        finalizers: finalizers.join(', '),
        owner: owner === null ? '' : `, set by ${owner}`,
      }),
    );
    if (causes.length > 0) return [...causes, ...volumes];
    const said = removal.blockers.map(({ owner }) => owner).find((owner) => owner !== null);
    const owner = said ?? 'the cluster does not say why';
    return [found('blocked-by-server', 'server', { owner }), ...volumes];
  },
};
