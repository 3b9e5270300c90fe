import { leftOutOfGitleaks } from '../src/validators/secret/allow/gitleaks-rules.ts';
import { fileShapes } from '../src/validators/secret/file-shapes.ts';
import type { Shape } from '../src/validators/secret/shapes/shape.ts';
import { shapeGroups } from '../src/validators/secret/shapes.ts';
import type { Generated } from './generated.ts';

/** What secrets look like, by group, and which rules of gitleaks have no counterpart. */
export function secretShapesPage(): Generated {
  const groups = Object.entries(shapeGroups);
  const count = groups.reduce((sum, [, { length }]) => sum + length, 0);
  const text = [
    '# Shapes of secrets',
    '',
    `What \`validate secrets\`, \`validate image\` and \`validate manifests\` know a secret by: ${count} shapes, and`,
    `${fileShapes.length} kinds of files whose name says what they hold. Ids of gitleaks are those that`,
    '`.gitleaksignore` and `.gitleaks.toml` may use for the shape.',
    ...groups.flatMap(([group, shapes]) => [
      '',
      `## ${group}`,
      '',
      '| shape | what it is | rules of gitleaks | described by |',
      '| --- | --- | --- | --- |',
      ...shapes.map(rowOf),
    ]),
    '',
    '## Files known by their name',
    '',
    '| shape | what it is | described by |',
    '| --- | --- | --- |',
    ...fileShapes.map(({ id, title, source }) => `| ${id} | ${title} | ${linkOf(source)} |`),
    '',
    '## Rules of gitleaks without a shape here',
    '',
    '| rule | why |',
    '| --- | --- |',
    ...[...leftOutOfGitleaks].map(([rule, why]) => `| ${rule} | ${why} |`),
    '',
  ].join('\n');
  return { file: 'docs/secret-shapes.md', text };
}

const rowOf = ({ id, title, gitleaks = [], source }: Shape): string =>
  `| ${id} | ${title} | ${gitleaks.join(', ')} | ${source === undefined ? 'the rules named' : linkOf(source)} |`;

const linkOf = (source = ''): string => (source === '' ? '' : `<${source}>`);
