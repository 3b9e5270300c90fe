import { type Check, type Example, presets } from '../core/check.ts';
import { holds } from '../validators/settings.ts';

/** One line a rule, in columns. */
export function ruleTable(
  rules: readonly Pick<Check, 'id' | 'title' | 'severity' | 'critical' | 'item' | 'preset'>[],
): string {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map(({ id, title, severity, critical, item, preset = '' }) => {
    const weight = critical ? `${severity}, critical` : severity;
    return `${id.padEnd(width)}  ${weight.padEnd(17)}  ${preset.padEnd(11)}  ${item.padEnd(15)}  ${title}`;
  });
  return `${lines.join('\n')}\n${rules.length} rules; \`deploycheck rules explain ID\` says more\n`;
}

/** The page of a rule in Markdown: `rules explain` prints it, `docs/rules/` keeps it. */
export function rulePage(check: Check): string {
  const { id, title, severity, critical, item, appliesTo, meta } = check;
  const waivable = meta.waivable === false ? 'no' : 'yes';
  return [
    `# ${id}`,
    '',
    `${title}.`,
    '',
    '| severity | blocks its item | checklist item | looks at | can be waived | presets |',
    '| --- | --- | --- | --- | --- | --- |',
    `| ${severity} | ${critical ? 'yes' : 'no'} | ${item} | ${appliesTo} | ${waivable} | ${presetsOf(check)} |`,
    '',
    '## Why',
    '',
    meta.why,
    '',
    '## What it says',
    '',
    ...Object.entries(meta.messages).map(([name, text]) => `- \`${name}\`: ${text}`),
    '',
    '## Found',
    '',
    ...fenced(meta.bad),
    '',
    '## Good',
    '',
    ...fenced(meta.good),
    '',
    '## How to mend it',
    '',
    meta.remediation,
    '',
    ...(meta.options
      ? [
          '## Options',
          '',
          ...Object.entries(meta.options).map(([name, text]) => `- \`${name}\`: ${text}`),
          '',
        ]
      : []),
    '## References',
    '',
    ...meta.references.map((reference) => `- <${reference}>`),
    '',
  ].join('\n');
}

/** The presets that hold the rule, with the recommendations of the CIS Benchmark where there are any. */
function presetsOf(check: Check): string {
  const names = presets.filter((preset) => holds(preset, check));
  const all = names.length === presets.length ? ['all'] : names;
  return [...all, ...(check.cis ?? []).map((number) => `CIS ${number}`)].join(', ');
}

function fenced({ language, text, options, findings, beside }: Example): string[] {
  const isJson =
    language === 'image-recipe' || language === 'observation' || language === 'evidence';
  const name = isJson ? 'json' : language;
  const at = findings.map(({ messageId, line, column }) =>
    line === undefined ? `\`${messageId}\`` : `\`${messageId}\` at ${line}:${column}`,
  );
  const declared = beside?.external?.map((entry) => `\`${entry}\``) ?? [];
  return [
    ...(declared.length > 0
      ? [`With ${declared.join(', ')} under \`manifests.external\`:`, '']
      : []),
    ...(beside?.emptyCluster ? ['With `--live`, in a cluster that has nothing else:', ''] : []),
    ...(beside?.ignored
      ? [`With a .dockerignore of ${beside.ignored.map((one) => `\`${one}\``).join(', ')}:`, '']
      : []),
    ...(beside?.image ? [`With the image \`${JSON.stringify(beside.image)}\`:`, ''] : []),
    ...(options ? [`With the options \`${JSON.stringify(options)}\`:`, ''] : []),
    `\`\`\`${name}`,
    text.trimEnd(),
    '```',
    ...(at.length > 0 ? ['', `Finding: ${at.join(', ')}.`] : []),
  ];
}
