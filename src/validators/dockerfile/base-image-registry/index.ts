import type { Check } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import { type ImageReference, isReferenceProblem, readReference } from '../../../core/reference.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

const id = 'dockerfile/base-image-registry';

/**
 * Option `allow`: hosts, with `*` for any text at the beginning or the end, or the beginnings of paths on them.
 */
export const check: Check<Dockerfile> = {
  id,
  title: 'Base images come from allowed registries',
  severity: 'error',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A base image from elsewhere was looked at by nobody here, and whoever owns that place can replace it.',
    messages: {
      elsewhere: 'the base image {{image}} comes from {{registry}}, which is not allowed',
    },
    remediation: 'Copy the image to an allowed registry and name it there, or allow its source.',
    options: {
      allow:
        'hosts (`registry.example`, `*.example.com`) or beginnings of paths (`ghcr.io/team`); those of `trustedRegistries` in .hadolint.yaml when not given, otherwise the rule says nothing',
    },
    bad: {
      language: 'dockerfile',
      options: { allow: ['registry.example'] },
      text: 'FROM alpine:3.22\n',
      findings: [{ messageId: 'elsewhere', line: 1, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      options: { allow: ['registry.example'] },
      text: 'FROM registry.example/alpine:3.22\n',
      findings: [],
    },
    references: ['https://github.com/hadolint/hadolint/wiki/DL3026'],
  },
  run({ target, options, skip }) {
    const allow = listed(options.allow);
    if (!allow) {
      skip('it has no option `allow`, which names the registries');
      return [];
    }
    return target.stages.flatMap(({ parent, image, from: { words } }) => {
      const [base] = words;
      if (!base || parent || image === undefined || image === 'scratch') return [];
      const reference = readReference(image);
      if (isReferenceProblem(reference) || allow.some((one) => covers(one, reference))) return [];
      const { registry } = reference;
      return [draftAt(target, base.place, 'elsewhere', { image, registry })];
    });
  },
};

/** @throws Fault `config-invalid` */
function listed(allow: unknown): readonly string[] | undefined {
  if (allow === undefined) return undefined;
  const isTexts = Array.isArray(allow) && allow.every((one) => typeof one === 'string');
  if (isTexts && allow.length > 0) return allow;
  throw new Fault('config-invalid', `rules.options: ${id}: allow has to be a list of texts`);
}

function covers(entry: string, { registry, repository }: ImageReference): boolean {
  const slash = entry.indexOf('/');
  const host = slash === -1 ? entry : entry.slice(0, slash);
  const folder = slash === -1 ? '' : entry.slice(slash + 1).replace(/\/$/, '');
  return fitsHost(host, registry) && (folder === '' || `${repository}/`.startsWith(`${folder}/`));
}

function fitsHost(host: string, registry: string): boolean {
  if (host === '*') return true;
  if (host.startsWith('*')) return registry.endsWith(host.slice(1));
  if (host.endsWith('*')) return registry.startsWith(host.slice(0, -1));
  return host === registry;
}
