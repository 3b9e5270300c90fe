import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, ofKeyword, type Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { filled, globalScope, scopesIn } from '../stages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/relative-workdir',
  title: 'WORKDIR is absolute, and a folder of the application',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A relative WORKDIR begins in whatever folder the base image ended with, and moves when that changes.',
    messages: {
      unanchored: 'WORKDIR {{folder}} begins in the folder of the base image',
      relative: 'WORKDIR {{folder}} begins in the folder of an earlier WORKDIR',
      system: 'WORKDIR {{folder}} is a folder of the kernel',
    },
    remediation: 'Begin it with a slash.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nWORKDIR app\nCOPY . ./\n',
      findings: [{ messageId: 'unanchored', line: 2, column: 9 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nWORKDIR /app\nCOPY . ./\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/workdir-relative-path/'],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => ofStage(target, stage));
  },
};

function ofStage(target: Dockerfile, stage: Stage): Draft[] {
  const scopes = scopesIn(
    stage,
    globalScope(target.instructions, target.escapeSign),
    target.escapeSign,
  );
  let anchored = hasAbsolute(stage.parent);
  return stage.instructions.flatMap((instruction, index) => {
    const { body } = instruction;
    if (ofKeyword([instruction], 'WORKDIR').length === 0 || body.text === '') return [];
    const folder = filled(body.text, target.escapeSign, (name) => scopes[index]?.get(name));
    // What a build fills in may be absolute.
    if (folder === undefined || isAbsolute(folder)) {
      anchored = true;
      const isSystem = /^\/(?:proc|sys|dev)(?:\/|$)/.test(folder ?? '');
      return isSystem ? [draftAt(target, body.place(0), 'system', { folder: folder ?? '' })] : [];
    }
    const draft = draftAt(target, body.place(0), anchored ? 'relative' : 'unanchored', { folder });
    return [anchored ? { ...draft, severity: 'info' as const } : draft];
  });
}

const isAbsolute = (path: string): boolean => /^(?:[\\/]|[A-Za-z]:)/.test(path);

function hasAbsolute(stage: Stage | undefined): boolean {
  if (!stage) return false;
  const own = ofKeyword(stage.instructions, 'WORKDIR');
  return own.some(({ body }) => isAbsolute(body.text)) || hasAbsolute(stage.parent);
}
