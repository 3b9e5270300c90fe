import type { z } from 'zod';
import { parseYaml, type YamlDocument } from '../../../config/yaml-source.ts';
import type { FileProblem } from './peer-file.ts';

/** What a YAML file of another tool says, and where each part of it stands. */
export interface PeerYaml<Said> {
  readonly said: Said;
  readonly document: YamlDocument;
}

/** The first document of a text in the form its tool knows, or what is wrong with it; undefined where there is none. */
export function readPeerYaml<Said>(
  text: string,
  file: string,
  format: z.ZodType<Said>,
): PeerYaml<Said> | FileProblem | undefined {
  const [document] = parseYaml(text);
  if (!document) return undefined;
  const [broken] = document.problems;
  if (broken) {
    const { line, column, message } = broken;
    return { text: message, location: { file, line, column } };
  }
  const parsed = format.safeParse(document.value ?? {});
  if (parsed.success) return { said: parsed.data, document };
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String);
  return {
    text: `${path.join('.') || 'the file'}: ${issue?.message}`,
    location: { file, ...document.locate(path) },
  };
}
