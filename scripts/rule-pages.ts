import { rulePage, ruleTable } from '../src/commands/rule-text.ts';
import type { Check } from '../src/core/check.ts';
import { packageFile } from '../src/core/package-root.ts';
import type { Generated } from './generated.ts';

/** A page for every rule and an index of them. */
export async function rulePages(): Promise<Generated[]> {
  // The registry is itself generated, so it is read only once it has been written.
  const { checks }: { checks: readonly Check[] } = await import(
    packageFile('src/validators/registry.ts')
  );
  const index = ['# Rules', '', '```text', ruleTable(checks).trimEnd(), '```', ''];
  const links = checks.map(({ id, title }) => `- [${id}](${id}.md): ${title}`);
  return [
    { file: 'docs/rules/README.md', text: [...index, ...links, ''].join('\n') },
    ...checks.map((check) => ({ file: `docs/rules/${check.id}.md`, text: rulePage(check) })),
  ];
}
