import { Fault } from '../core/fault.ts';
import { describeIssues } from './issues.ts';
import { configSchema, type FileConfig } from './schema.ts';
import { parseYaml, type YamlDocument } from './yaml-source.ts';

/** @throws Fault `config-invalid`, one line a problem with file, line and column. */
export function parseConfig(
  text: string,
  shown: string,
): { readonly own: FileConfig; readonly document: YamlDocument } {
  const documents = parseYaml(text);
  const [document, second] = documents;
  const problems = documents.flatMap((entry) => entry.problems);
  if (problems.length > 0) {
    throw new Fault(
      'config-invalid',
      problems.map((p) => `${shown}:${p.line}:${p.column}: ${p.message}`).join('\n'),
    );
  }
  if (second) {
    throw new Fault(
      'config-invalid',
      `${shown}:${second.start.line}:${second.start.column}: a second document; expected one`,
    );
  }
  if (!document || document.value === null || document.value === undefined) {
    throw new Fault('config-invalid', `${shown}:1:1: the file is empty; expected 'version: 1'`);
  }
  const parsed = configSchema.safeParse(document.value);
  if (parsed.success) return { own: parsed.data, document };
  const lines = describeIssues(parsed.error.issues, document, configSchema);
  throw new Fault('config-invalid', lines.map((line) => `${shown}:${line}`).join('\n'));
}
