import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { runDraft } from '../judging-runs.ts';

/** What a container wrote outside of its volumes, by the engine's list of changes. */
export const check: Check<ImageRun> = {
  id: 'runtime/writes',
  title: 'Nothing is written outside of volumes',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'What is written into the container itself is gone with it, fills the disk of its node without a limit, and is what a read-only root would refuse.',
    messages: {
      written: '{{image}}: wrote outside of its volumes: {{paths}}',
    },
    remediation:
      'Declare a volume, or mount an emptyDir, where the program writes, or make it write nothing there. --volume and --tmpfs tell the probe about those of the manifest.',
    bad: {
      language: 'observation',
      text: `{ "writes": { "seen": ["/var/cache/shop"] } }
`,
      findings: [{ messageId: 'written' }],
    },
    good: {
      language: 'observation',
      text: `{ "writes": { "seen": [] } }
`,
      findings: [],
    },
    references: ['https://docs.docker.com/reference/cli/docker/container/diff/'],
  },
  run({ target, notExamined }) {
    const { writes, label } = target;
    if ('why' in writes) {
      notExamined(`writes of ${label}`, writes.why);
      return [];
    }
    const { seen } = writes;
    return seen.length === 0 ? [] : [runDraft(target, 'written', { paths: pathsText(seen) })];
  },
};

const shown = 5;

function pathsText(paths: readonly string[]): string {
  const more = paths.length - shown;
  return paths.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
