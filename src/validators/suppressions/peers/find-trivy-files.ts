import { join } from 'node:path';
import { messageOf, systemCode } from '../../../core/fault.ts';
import type { Location } from '../../../core/finding.ts';
import { readSmall } from '../../../core/read-small.ts';
import type { Target } from '../../../core/target.ts';
import type { PeerWords } from './annotations.ts';

/** What the files of Trivy in a folder say, both taken together. */
export interface TrivyFiles {
  /** What of them has no effect. */
  readonly problems: readonly { readonly text: string; readonly location: Location }[];
  /** About what is known of images; other targets are nothing that the files are about. */
  wordsFor(targets: readonly Target[]): PeerWords;
}

const names = ['.trivyignore', '.trivyignore.yaml'] as const;

const maxBytes = 1024 * 1024;

/** Undefined when there are none. */
export async function readTrivyFiles(folder: string): Promise<TrivyFiles | undefined> {
  const texts = new Map<string, string>();
  const problems: { text: string; location: Location }[] = [];
  for (const name of names) {
    try {
      texts.set(name, (await readSmall(join(folder, name), maxBytes)).toString('utf8'));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      problems.push({ text: messageOf(error), location: { file: name } });
    }
  }
  if (texts.size + problems.length === 0) return undefined;
  const { understood } = await import('./trivy.ts');
  return understood(texts, problems);
}
