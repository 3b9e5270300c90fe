import type { Check } from '../../../core/check.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { allReferences } from '../references/all.ts';
import { answers, covers, type External } from '../references/external.ts';
import { presenceUndeclared } from '../references/presence.ts';

/** Objects of the set that are declared because what they select comes from elsewhere. */
const selecting = [
  ['v1', 'Service'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['monitoring.coreos.com/v1', 'ServiceMonitor'],
  ['monitoring.coreos.com/v1', 'PodMonitor'],
] as const;

/** Every entry of `manifests.external` is needed by a reference, or by a selector of the set. */
export const check: Check<ManifestSet> = {
  id: 'manifest/external-unused',
  title: 'What is declared external is needed',
  severity: 'info',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A declaration that nothing needs hides the day when something needs it again, and nobody made it.',
    messages: { unneeded: 'nothing in these manifests needs {{entry}} to be external' },
    remediation:
      'Remove the entry from manifests.external, or correct it if it is misspelt; the object may be among the manifests by now.',
    bad: {
      language: 'yaml',
      beside: { external: ['Secret/login'] },
      text: example('db-login'),
      findings: [{ messageId: 'unneeded' }],
    },
    good: {
      language: 'yaml',
      beside: { external: ['Secret/*-login'] },
      text: example('db-login'),
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets'],
  },
  run({ target }) {
    const { external = [], complete } = target;
    // What was not read may need it.
    if (external.length === 0 || !complete) return [];
    const needed = allReferences(target).filter(
      (reference) => presenceUndeclared(target, reference) === undefined,
    );
    const owners = selecting.flatMap(([apiVersion, kind]) => objectsOf(target, apiVersion, kind));
    const isNeeded = (entry: External) =>
      needed.some((wanted) => answers(entry, wanted)) ||
      owners.some((object) => covers(entry, object));
    return external
      .filter((entry) => !isNeeded(entry))
      .map(({ text, place }) => ({
        messageId: 'unneeded',
        data: { entry: text },
        location: place ?? {},
      }));
  },
};

function example(secret: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      envFrom:
        - secretRef:
            name: ${secret}
`;
}
