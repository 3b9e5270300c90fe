import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { externalsOf } from '../options.ts';
import { isDeclared } from '../references/external.ts';
import { selectingServices } from '../services.ts';

const id = 'manifest/service-selector';

/**
 * A Service selects pods of the release. Option `external`: Services, beside those of
 * `manifests.external`, whose pods come from elsewhere, an operator for instance.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Services select pods',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A Service whose selector matches no pod has no endpoints: every connection to it is refused.',
    messages: {
      'selects-nothing': 'Service {{name}} selects {{wanted}}, and no pod template here has that',
    },
    remediation:
      'Make the selector equal to labels of the pod template, in the same namespace. If the pods come from elsewhere, name the Service under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: webb
  ports:
    - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'selects-nothing', line: 7, column: 5 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    options: {
      external: 'objects that exist elsewhere, as Kind/name or Kind/namespace/name',
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
    ],
  },
  run({ target, options, notExamined }) {
    const external = [...(target.external ?? []), ...externalsOf(id, options)];
    const lonely = selectingServices(target).filter(
      ({ object, templates }) => templates.length === 0 && !isDeclared({ external }, object),
    );
    if (!target.complete) {
      for (const { object } of lonely) {
        notExamined(`Service ${object.name}`, 'its pods may be in a document that was not read');
      }
      return [];
    }
    return lonely.map(({ object, selector }) => {
      const wanted = [...selector].map(([key, value]) => `${key} = ${value}`).join(', ');
      const data = { name: object.name, wanted };
      return draftAt(object, ['spec', 'selector'], 'selects-nothing', { data });
    });
  },
};
