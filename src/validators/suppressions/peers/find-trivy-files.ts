import type { Target } from '../../../core/target.ts';
import type { PeerWords } from './annotations.ts';
import { type FileProblem, textOfFile } from './peer-file.ts';

/** What the files of Trivy in a folder say, both taken together. */
export interface TrivyFiles {
  /** What of them has no effect. */
  readonly problems: readonly FileProblem[];
  /** About what is known of images; other targets are nothing that the files are about. */
  wordsFor(targets: readonly Target[]): PeerWords;
}

const names = ['.trivyignore', '.trivyignore.yaml'] as const;

/** Undefined when there are none. */
export async function readTrivyFiles(folder: string): Promise<TrivyFiles | undefined> {
  const texts = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const name of names) {
    const text = await textOfFile(folder, name);
    if (typeof text === 'string') texts.set(name, text);
    else if (text) problems.push(text);
  }
  if (texts.size + problems.length === 0) return undefined;
  const { understood } = await import('./trivy.ts');
  return understood(texts, problems);
}
