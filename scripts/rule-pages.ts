import { rulePage, ruleTable } from '../src/commands/rule-text.ts';
import type { Check } from '../src/core/check.ts';
import { packageFile } from '../src/core/package-root.ts';
import type { Generated } from './generated.ts';

/** A page for every rule and an index of them. */
export async function rulePages(): Promise<Generated[]> {
  // The registry is itself generated, so it is read only once it has been written.
  const { checks }: { checks: readonly Check[] } = await import(
    packageFile('src/commands/checks.ts')
  );
  const index = ['# Rules', '', '```text', ruleTable(checks).trimEnd(), '```', ''];
  // What `rules list` prints, so that listing the rules does not load them.
  const list = checks.map(({ id, title, severity, critical, item, preset, cis }) => {
    return { id, title, severity, critical, item, preset, cis };
  });
  const links = checks.map(({ id, title }) => `- [${id}](${id}.md): ${title}`);
  return [
    { file: 'data/rules.json', text: `${JSON.stringify(list, null, 2)}\n` },
    { file: 'docs/rules/README.md', text: [...index, ...links, ''].join('\n') },
    ...checks.map((check) => ({ file: `docs/rules/${check.id}.md`, text: rulePage(check) })),
  ];
}
