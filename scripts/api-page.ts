import { packageFile } from '../src/core/package-root.ts';
import { kindOf, parentOf } from '../src/validators/manifest/kind-key.ts';
import { compareVersions, lifecycleOf } from '../src/validators/manifest/lifecycle.ts';
import { poolFile, readPoolFile } from '../src/validators/manifest/pool-file.ts';
import type { Generated } from './generated.ts';

/** Which APIs of Kubernetes come and go, as manifest/removed-api and manifest/deprecated-api know it. */
export async function apiPage(): Promise<Generated> {
  const { index } = await readPoolFile(packageFile(poolFile));
  const newest = `1.${index.minors.at(-1)}`;
  const keys = [...new Set([...Object.keys(index.kinds), ...Object.keys(index.announced)])].sort();
  const rows = keys.flatMap((key) => {
    const lifecycle = lifecycleOf(index, key);
    const [, , served = [], byDefault = []] = index.kinds[key] ?? [];
    const isOff = served.some((minor) => !byDefault.includes(minor));
    const leaves = lifecycle?.gone !== undefined || lifecycle?.deprecated !== undefined;
    return lifecycle && (leaves || isOff) ? [{ key, lifecycle, isOff }] : [];
  });
  const isGone = ({ lifecycle: { gone } }: (typeof rows)[number]): boolean =>
    gone !== undefined && compareVersions(gone, newest) <= 0;
  const gone = rows
    .filter(isGone)
    .sort((a, b) => compareVersions(a.lifecycle.gone ?? '', b.lifecycle.gone ?? ''));
  const text = [
    '# APIs of Kubernetes that come and go',
    '',
    `What [manifest/removed-api](rules/manifest/removed-api.md) and`,
    `[manifest/deprecated-api](rules/manifest/deprecated-api.md) know, up to Kubernetes ${newest}. The columns`,
    '"gone since" and "off by default" follow from comparing the API descriptions and sources of the versions',
    'from 1.23 on, "deprecated since", "announced to go with", and all that went before, from the announcements.',
    '',
    '## Gone',
    '',
    '| gone since | API | kind | deprecated since | announced replacement |',
    '| --- | --- | --- | --- | --- |',
    ...gone.map(
      ({ key, lifecycle }) =>
        `| ${lifecycle.gone} | ${parentOf(key)} | ${kindOf(key)} | ${lifecycle.deprecated ?? ''} | ${replacementText(key, lifecycle.replacement)} |`,
    ),
    '',
    '## Deprecated, or off by default',
    '',
    '| API | kind | off by default | deprecated since | announced to go with |',
    '| --- | --- | --- | --- | --- |',
    ...rows
      .filter((row) => !isGone(row))
      .map(
        ({ key, lifecycle, isOff }) =>
          `| ${parentOf(key)} | ${kindOf(key)} | ${isOff ? 'yes' : ''} | ${lifecycle.deprecated ?? ''} | ${lifecycle.gone ?? ''} |`,
      ),
    '',
  ].join('\n');
  return { file: 'docs/kubernetes-apis.md', text };
}

function replacementText(key: string, replacement: string | undefined): string {
  if (replacement === undefined) return '';
  const kind = kindOf(replacement) === kindOf(key) ? '' : ` ${kindOf(replacement)}`;
  return `${parentOf(replacement)}${kind}`;
}
