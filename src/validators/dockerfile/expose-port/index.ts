import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Word } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/expose-port',
  title: 'EXPOSE names ports',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'EXPOSE takes a port and a protocol: an address or a mapping fails the build or is ignored, and whoever reads it believes otherwise. Port 22 says that somebody can log in to the container.',
    messages: {
      range: '{{port}} is no port from 0 to 65535',
      format:
        '{{port}} is no PORT, PORT-PORT or PORT/protocol; addresses and mappings belong to whoever runs the image',
      ssh: '{{port}} is the port of SSH',
    },
    remediation:
      'Write the port that the process listens on, and reach a container with `kubectl exec`.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nEXPOSE 80:8080 70000 22\n',
      findings: [
        { messageId: 'format', line: 2, column: 8 },
        { messageId: 'range', line: 2, column: 16 },
        { messageId: 'ssh', line: 2, column: 22 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nEXPOSE 8080 8125/udp 9000-9010\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/expose-invalid-format/',
      'https://docs.docker.com/reference/dockerfile/#expose',
    ],
  },
  run({ target }) {
    return target.instructions
      .filter(({ keyword }) => keyword === 'EXPOSE')
      .flatMap(({ words }) => words.flatMap((word) => ofPort(target, word)));
  },
};

function ofPort(target: Dockerfile, { value, place }: Word): Draft[] {
  if (value.includes('$')) return [];
  const [, first, last = first] =
    /^(\d{1,9})(?:-(\d{1,9}))?(?:\/(?:tcp|udp|sctp))?$/i.exec(value) ?? [];
  const data = { port: value };
  if (first === undefined) return [draftAt(target, place, 'format', data)];
  if (Number(first) > 65_535 || Number(last) > 65_535 || Number(first) > Number(last)) {
    return [draftAt(target, place, 'range', data)];
  }
  const isSsh = Number(first) <= 22 && Number(last) >= 22 && !/udp$/i.test(value);
  return isSsh ? [{ ...draftAt(target, place, 'ssh', data), severity: 'warning' }] : [];
}
