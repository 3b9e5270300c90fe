import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Simulation } from '../../observation.ts';
import type { WriteSeen } from '../../observed-parts.ts';

/** Nothing outside of the sandbox was written, and nothing could have been. */
export const check: Check<Simulation> = {
  id: 'simulation/untouched',
  title: 'Nothing outside of the sandbox was touched',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A rehearsal that changes production is no rehearsal. Three things prove it: the requests that were sent, what the sandbox may do, and everything else before and after.',
    messages: {
      'write-stopped':
        'deploycheck was about to {{verb}} {{object}}, which is outside of the sandbox, and did not',
      'wrote-outside': 'deploycheck sent {{verb}} {{object}}, which is outside of the sandbox',
      'changed-by-us': '{{object}} is outside of the sandbox and was {{change}} by this run',
      'may-write': 'the account of the sandbox may {{permission}} in namespace {{namespace}}',
      'real-secret':
        'the pods had the own Secret {{secret}} of namespace {{namespace}}: what it opens was within their reach',
      'changed-meanwhile': '{{object}} was {{change}} meanwhile, by {{managers}}',
    },
    remediation:
      'Take rights from the groups system:serviceaccounts and system:authenticated; give the sandbox Secrets of its own. A write by deploycheck itself is a bug to be reported.',
    bad: {
      language: 'observation',
      text: `{
  "isolation": {
    "writes": [], "changes": [], "compared": 120, "notCompared": [],
    "permissions": ["create secrets"], "permissionsAsked": true
  }
}
`,
      findings: [{ messageId: 'may-write' }],
    },
    good: {
      language: 'observation',
      text: `{
  "isolation": {
    "writes": [], "changes": [], "compared": 120, "notCompared": [],
    "permissions": [], "permissionsAsked": true
  }
}
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/reference/access-authn-authz/rbac/'],
  },
  run({ target }) {
    const { isolation, secrets, sandbox } = target;
    const namespace = target.targetNamespace.name;
    const found = (messageId: string, data: Record<string, string>): Draft => {
      return { messageId, data, location: {} };
    };
    const writes = isolation.writes.flatMap((write) => {
      const data = { verb: write.verb, object: writeText(write) };
      if (write.outcome === 'stopped') return [found('write-stopped', data)];
      return isInside(write, sandbox?.name) ? [] : [found('wrote-outside', data)];
    });
    const changes = isolation.changes.flatMap(
      ({ object, namespace: of, change, managers, ours }) => {
        if (ours) return [found('changed-by-us', { object, change })];
        if (of !== namespace) return [];
        const by = managers.join(', ') || 'nobody who says so';
        const data = { object, change, managers: by };
        return [{ ...found('changed-meanwhile', data), severity: 'info' } satisfies Draft];
      },
    );
    const permissions = isolation.permissions.map((permission) =>
      found('may-write', { permission, namespace }),
    );
    const copies = secrets.given
      .filter(({ from }) => from === 'copy')
      .map(({ name }): Draft => {
        const data = { secret: name, namespace };
        return { ...found('real-secret', data), severity: 'warning' };
      });
    return [...writes, ...changes, ...permissions, ...copies];
  },
};

function isInside(write: WriteSeen, sandbox: string | undefined): boolean {
  if (write.dryRun) return true;
  if (sandbox === undefined) return false;
  const own = write.kind === 'Namespace' && write.name === sandbox;
  return write.namespace === sandbox || (own && write.namespace === null);
}

function writeText({ kind, namespace, name }: WriteSeen): string {
  return [kind, ...(namespace === null ? [] : [namespace]), name].join('/');
}
