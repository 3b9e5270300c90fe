import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptRun, isBundle, unpackRun } from '../checklist/bundle.ts';
import { Fault, writeFault } from '../core/fault.ts';
import { chainOf, readRun, type StoredRun } from '../core/run-store.ts';
import type { CommandContext } from './base.ts';

export interface OpenedRun {
  readonly run: StoredRun;
  /** Path of the bundle it came from; undefined for a run of this folder. */
  readonly bundle: string | undefined;
}

/** The run that a RUN argument names: an id, `last`, or a bundle file. */
export async function openRun(context: CommandContext, reference: string): Promise<OpenedRun> {
  if (!(await isBundle(reference))) {
    return { run: await readRun(context.home, reference), bundle: undefined };
  }
  const folder = await temporaryFolder(context, tmpdir());
  return { run: await unpackRun(reference, folder), bundle: reference };
}

/**
 * The same for what is signed: `last` is the last checklist, not the last run of anything.
 * @throws Fault `usage-invalid` for a run without the twelve items
 */
export async function openChecklist(
  context: CommandContext,
  reference: string,
): Promise<OpenedRun> {
  const opened = await openRun(
    context,
    reference === 'last' ? await lastChecklist(context) : reference,
  );
  if (opened.run.record.items.length > 0) return opened;
  throw new Fault(
    'usage-invalid',
    `run ${opened.run.id} is of '${opened.run.record.command}', which has no items to sign`,
  );
}

async function lastChecklist({ home }: CommandContext): Promise<string> {
  const { entries } = await chainOf(home);
  const checklist = entries.findLast(
    ({ command, signoff }) => signoff === undefined && command.startsWith('checklist'),
  );
  return checklist?.run ?? 'last';
}

/** Takes a bundle into this home; unpacked beside the runs, so that it appears in one rename. */
export async function importBundle(context: CommandContext, file: string): Promise<string> {
  if (!(await isBundle(file))) throw new Fault('run-missing', `${file}: there is no such file`);
  const { home, signal } = context;
  const run = await unpackRun(file, await temporaryFolder(context, home.folder));
  return adoptRun(home, run, signal);
}

async function temporaryFolder({ scope }: CommandContext, parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, 'unpacked-'));
    await scope.defer('unpacked bundle', () => rm(folder, { recursive: true, force: true }), {
      leftover: { kind: 'folder', ref: folder },
    });
    return folder;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw writeFault('run-folder-unwritable', parent, error);
  }
}
