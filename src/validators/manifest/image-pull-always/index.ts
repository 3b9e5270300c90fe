import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { imagesOf, pullPolicy } from '../images.ts';
import type { ManifestSet } from '../load.ts';

/** The registry is asked each time a container starts, and with it the right to the image. */
export const check: Check<ManifestSet> = {
  id: 'manifest/image-pull-always',
  title: 'Images are always pulled',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'On a node that several teams share, an image that one of them pulled with its credentials runs for everybody who knows its name, unless each start asks the registry.',
    messages: {
      kept: 'container {{container}} does not ask the registry for {{image}} where the node has it',
    },
    remediation:
      'Set imagePullPolicy: Always. Layers that the node has are not fetched again; the registry has to answer, though.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      imagePullPolicy: IfNotPresent
`,
      findings: [{ messageId: 'kept', line: 9, column: 24 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      imagePullPolicy: Always
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages',
    ],
  },
  run({ target }) {
    return imagesOf(target)
      .filter((named) => pullPolicy(named) !== 'Always')
      .map(({ template, container, image }) =>
        draftAt(template.object, [...container.path, 'imagePullPolicy'], 'kept', {
          data: { container: container.name, image },
        }),
      );
  },
};
