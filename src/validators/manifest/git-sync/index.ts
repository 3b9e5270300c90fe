import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, type Path, stringAt } from '../read.ts';
import { type Container, podTemplates } from '../workloads.ts';

const image = /(?:^|\/)git-?sync(?:[:@]|$)/;

/** The option of git-sync that names the program it runs as git, as a flag and as variables. */
const flag = /^--?git(?:=|$)/;
const variables = new Set(['GITSYNC_GIT', 'GIT_SYNC_GIT']);

/** git-sync runs the git of its image. */
export const check: Check<ManifestSet> = {
  id: 'manifest/git-sync',
  title: 'git-sync runs git and nothing else',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'git-sync runs whatever program the option names, with its keys and its volume. A program from the repository that it fetches is code that nobody deployed.',
    messages: { program: 'container {{container}} tells git-sync which program to run as git' },
    remediation: 'Remove the option; the image has git.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: content
      image: registry.example/git-sync:v4.4.2
      env:
        - name: GITSYNC_GIT
          value: /content/tools/git
`,
      findings: [{ messageId: 'program', line: 10, column: 11 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: content
      image: registry.example/git-sync:v4.4.2
      env:
        - name: GITSYNC_REPO
          value: https://git.example/content
`,
      findings: [],
    },
    references: ['https://github.com/kubernetes/git-sync#readme'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers
        .filter(({ value }) => image.test(stringAt(value, 'image') ?? ''))
        .flatMap((container) =>
          placesOf(container).map((place) =>
            draftAt(object, [...container.path, ...place], 'program', {
              data: { container: container.name },
            }),
          ),
        ),
    );
  },
};

function placesOf({ value }: Container): readonly Path[] {
  return [
    ...listAt(value, 'env').flatMap((variable, index) =>
      variables.has(stringAt(variable, 'name') ?? '') ? [['env', index]] : [],
    ),
    ...['command', 'args'].flatMap((field) =>
      listAt(value, field).flatMap((word, index) =>
        typeof word === 'string' && flag.test(word) ? [[field, index]] : [],
      ),
    ),
  ];
}
