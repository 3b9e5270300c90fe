import { durationText, sizeText } from '../backup/age-text.ts';
import { type ListedSet, listSets } from '../backup/list.ts';
import { openRepository } from '../backup/sources.ts';
import { repositoryPlace } from './backup-plan.ts';
import { backupSystems } from './backup-run.ts';
import type { CommandContext } from './base.ts';

export async function listText(
  context: CommandContext,
  flags: { readonly repository?: string | undefined; readonly format: 'text' | 'json' },
): Promise<string> {
  const { adapters, signal } = context;
  const place = repositoryPlace(context.config, flags);
  const repository = await openRepository(place, backupSystems(context));
  try {
    const sets = await listSets(repository, adapters.clock, signal);
    if (flags.format === 'json') return `${JSON.stringify(sets, null, 2)}\n`;
    if (sets.length === 0) return `no sets in ${repository.place}\n`;
    return sets.map(lineOf).join('');
  } finally {
    repository.close();
  }
}

function lineOf(set: ListedSet): string {
  if (set.state !== 'complete') {
    const why =
      set.state === 'unfinished'
        ? 'no manifest: being made, or left by a run that died'
        : 'its manifest cannot be read';
    return `${set.set}  ${set.state}: ${why}\n`;
  }
  const parts = [
    set.set,
    `${durationText(set.age ?? 0)} old`,
    sizeText((set.stored ?? 0) + (set.objects ?? 0)),
    [
      ...(set.database === null ? [] : [`database ${set.database}`]),
      ...set.buckets.map((name) => `bucket ${name}`),
    ].join(', '),
    set.verifiedAt === null ? 'not verified' : `verified ${set.verifiedAt}`,
    set.rehearsal === null
      ? 'not rehearsed'
      : `rehearsed ${set.rehearsedAt}: ${set.rehearsal.replaceAll('-', ' ')}`,
  ];
  return `${parts.join('  ')}\n`;
}
