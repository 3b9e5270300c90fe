import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

const fields = ['command', 'args'] as const;

/** sudo as a word of a shell's text, where a command begins. */
const begins = /(?:^|[\n;&|(`]|\b(?:then|do|else|exec)\b)[ \t]*(?:\/usr\/bin\/)?sudo[ \t]/;

/** Containers start as whom they run. */
export const check: Check<ManifestSet> = {
  id: 'manifest/sudo',
  title: 'Containers do not start by sudo',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A container that works only with sudo keeps a way to root for whoever gets in, and cannot be told to gain no privileges.',
    messages: { sudo: 'container {{container}} starts with sudo' },
    remediation:
      'Make the files belong to the user of the image, or leave the step to an init container.',
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
      command: [sudo, -E, /app/web]
`,
      findings: [{ messageId: 'sudo', line: 9, column: 17 }],
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
      command: [/app/web]
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap(({ name, value, path }) =>
        fields
          .flatMap((field) => {
            const at = listAt(value, field).findIndex(startsSudo);
            return at < 0 ? [] : [[...path, field, at]];
          })
          .slice(0, 1)
          .map((place) => draftAt(object, place, 'sudo', { data: { container: name } })),
      ),
    );
  },
};

/** The program itself, or a text that a shell is given. A later word may be anything, such as a name. */
function startsSudo(word: unknown, index: number): boolean {
  if (typeof word !== 'string') return false;
  return (index === 0 && /^(?:\/usr\/bin\/)?sudo$/.test(word)) || begins.test(word);
}
