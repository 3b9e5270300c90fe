import { stringify } from 'yaml';

/** Documents of one YAML stream; long texts keep their lines. */
export function yamlText(documents: readonly unknown[]): string {
  return documents.map((entry) => stringify(entry, { lineWidth: 0 })).join('---\n');
}
