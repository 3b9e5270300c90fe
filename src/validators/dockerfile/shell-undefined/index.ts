import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, lineage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';

/** Names in small letters: those in capitals may come from the base image or from who runs the image. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-undefined',
  title: 'Variables of a RUN are set in it',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Each RUN is a shell of its own: what another one set is empty here, and `rm -rf $folder/*` means something else.',
    messages: { unset: '{{name}} is set neither in this {{keyword}} nor by ARG or ENV' },
    remediation: 'Set it in the same RUN, or declare it with ARG or ENV.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN version=1.2\nRUN fetch "app-$version"\n',
      findings: [{ messageId: 'unset', line: 3, column: 16 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nARG version=1.2\nRUN fetch "app-$version"\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2154'],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => {
      const declared = new Set(
        lineage(stage).flatMap(({ instructions }) =>
          instructions.flatMap(({ keyword, pairs }) =>
            keyword === 'ENV' || keyword === 'ARG' ? pairs.map(({ name }) => name.value) : [],
          ),
        ),
      );
      return stage.instructions
        .filter(({ keyword, onBuild }) => keyword === 'RUN' && !onBuild)
        .flatMap((run) => ofRun(target, run, declared));
    });
  },
};

const proxies = /^(?:https?|ftp|no|all)_proxy$/;

function ofRun(
  target: Dockerfile,
  { keyword, script }: Instruction,
  declared: ReadonlySet<string>,
): Draft[] {
  if (!script || script.assigned.has('*')) return [];
  const told = new Set<string>();
  return script.used.flatMap(({ name, operator, prefix, place }) => {
    const isKnown = script.assigned.has(name) || declared.has(name) || proxies.test(name);
    // A default says that it may be missing.
    const isOwn = /^[a-z_][a-z0-9_]*$/.test(name) && /[a-z]/.test(name);
    if (!isOwn || isKnown || /[-+?=]$/.test(operator) || prefix === '!' || told.has(name))
      return [];
    told.add(name);
    return [draftAt(target, place, 'unset', { name, keyword })];
  });
}
