import { parseYaml, type YamlDocument } from '../../config/yaml-source.ts';
import { quickValues } from './quick-yaml.ts';
import { kubernetesScalars } from './yaml-scalars.ts';

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** The documents of a text that are not empty. */
export type Reader = (source: SourceText) => readonly YamlDocument[];

/** Characters of text whose parsed documents are kept at hand. */
const keptText = 8 * 1024 * 1024;

/**
 * Parsed documents, which know the positions, take about fifty times the memory of their text. Only
 * findings want positions, so the documents of a large set are dropped and made again when asked for.
 */
export function createReader(): Reader {
  const kept = new Map<SourceText, readonly YamlDocument[]>();
  let size = 0;
  return (source) => {
    const known = kept.get(source);
    if (known) return known;
    const documents = parseYaml(source.text, { schema: kubernetesScalars }).filter(
      ({ value, problems }) => problems.length > 0 || !isEmpty(value),
    );
    kept.set(source, documents);
    size += source.text.length;
    for (const oldest of kept.keys()) {
      if (size <= keptText || oldest === source) break;
      kept.delete(oldest);
      size -= oldest.text.length;
    }
    return documents;
  };
}

/** A document whose positions are looked up when they are asked for. */
export type ReadDocument = Pick<YamlDocument, 'value' | 'problems' | 'locate' | 'span'>;

/** The documents of a text that are not empty; most of them without the parser that knows positions. */
export function documentsOf(source: SourceText, read: Reader): readonly ReadDocument[] {
  const quick = quickValues(source.text)?.filter((value) => !isEmpty(value));
  const documents = quick?.map((value) => ({ value, problems: [] })) ?? read(source);
  // Holds on to the text alone, so that the parsed documents can go.
  return documents.map(({ value, problems }, index) => ({
    value,
    problems,
    locate: (path, part) => read(source)[index]?.locate(path, part) ?? { line: 1, column: 1 },
    span: (path, part) => read(source)[index]?.span(path, part),
  }));
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined;
