import { anywhere, type Suppression } from '../../../core/suppress.ts';
import type { PeerNote, PeerWords } from './annotations.ts';
import { counterpartsOf } from './checks.ts';
import { fitsCounterpart } from './counterparts.ts';
import { type FileProblem, textOfFile } from './peer-file.ts';

const name = '.dockleignore';

export interface DockleFile extends PeerWords {
  /** Why it has no effect, when it cannot be read. */
  readonly problem?: FileProblem;
}

/**
 * The codes that dockle ignores for images checked in a folder: one on a line, and comments on lines of their own
 * (https://github.com/goodwithtech/dockle#ignore-the-specified-checkpoints). A comment above a code is its reason.
 */
export async function readDockleFile(folder: string): Promise<DockleFile | undefined> {
  const text = await textOfFile(folder, name);
  if (text === undefined) return undefined;
  return typeof text === 'string'
    ? understoodByDockle(text)
    : { suppressions: [], notes: [], problem: text };
}

/** The file from its text. */
export function understoodByDockle(text: string): PeerWords {
  const suppressions: Suppression[] = [];
  const notes: PeerNote[] = [];
  let reason: string[] = [];
  const lines = text.split('\n');
  for (const [index, written] of lines.entries()) {
    const line = written.trim();
    if (line === '') {
      reason = [];
      continue;
    }
    if (line.startsWith('#')) {
      reason.push(line.replace(/^#+\s*/, ''));
      continue;
    }
    const where = () => ({ file: name, line: index + 1, column: written.indexOf(line) + 1 });
    const counterparts = counterpartsOf('dockle', line);
    if (!counterparts || counterparts.length === 0) {
      const id = counterparts ? 'no-counterpart' : 'unknown-check';
      notes.push({ peer: 'dockle', id, about: line.slice(0, 100), where });
    }
    const said = reason.join(' ').trim();
    for (const counterpart of counterparts ?? []) {
      suppressions.push({
        by: 'dockle',
        rule: counterpart.rule,
        reason: said || `${line} in ${name}, no reason given`,
        reasonless: said === '',
        until: null,
        anchors: [anywhere],
        covers: (finding) => fitsCounterpart(counterpart, finding),
        where,
        name: `${line} in ${name}`,
      });
    }
    // One comment may stand above several codes.
    if (!isCode(lines[index + 1])) reason = [];
  }
  return { suppressions, notes };
}

function isCode(line: string | undefined): boolean {
  const next = line?.trim() ?? '';
  return next !== '' && !next.startsWith('#');
}
