import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { packageCallsIn, runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/package-lists',
  title: 'Package lists are as new as the packages',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The layer of an update alone is taken from the cache for months: what is installed after it is old, or not there any more, and the build fails on the day of the fix.',
    messages: { alone: '{{manager}} {{verb}} stands alone in its RUN, and its result is cached' },
    remediation: 'Update and install in the same RUN.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\n',
      findings: [{ messageId: 'alone', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap((run) => {
      const calls = packageCallsIn(run).filter(({ manager }) => listed.test(manager));
      const updates = calls.filter(({ verb }) => verb === 'update');
      const [first] = updates;
      // A script that is called may install; a command other than the update is none of our business.
      const others = (run.script?.commands ?? []).some(({ name }) =>
        /\.sh$|^(?:ba)?sh$/.test(name),
      );
      if (!first || others || calls.length > updates.length) return [];
      const { manager, verb, command } = first;
      return [draftAt(target, command.place, 'alone', { manager, verb })];
    });
  },
};

const listed = /^(?:apt-get|apt|apk)$/;
