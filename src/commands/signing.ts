import { basename } from 'node:path';
import { packRun } from '../checklist/bundle.ts';
import { signRun } from '../checklist/signoffs.ts';
import type { Decision } from '../checklist/statement.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';
import type { StoredRun } from '../core/run-store.ts';
import { chainSignoff } from '../core/run-writer.ts';
import { writeWhole } from '../core/write-whole.ts';
import type { CommandContext } from './base.ts';
import { openChecklist } from './open-run.ts';
import { authorOf, expandHome, identityOf, signerOf, trustFile } from './signers.ts';

export interface SignFlags {
  readonly decision?: Decision | undefined;
  readonly role: string;
  readonly identity?: string | undefined;
  readonly key: string;
  readonly comment: string;
  readonly 'expires-in': number;
  readonly trust?: string | undefined;
}

export async function signAndSay(
  context: CommandContext,
  reference: string,
  flags: SignFlags,
): Promise<ExitCode> {
  const { run, bundle } = await openChecklist(context, reference);
  if (flags['expires-in'] > longestDecisionMs) {
    throw new Fault(
      'usage-invalid',
      'a decision holds 30 days at most; give a shorter --expires-in',
    );
  }
  const decision = flags.decision ?? (await askDecision(context, run));
  const identity = await identityOf(context, flags.identity);
  const file = await signRun(
    {
      run,
      decision,
      role: flags.role,
      identity,
      comment: flags.comment,
      key: expandHome(flags.key),
      expiresInMs: flags['expires-in'],
      allowedSigners: trustFile(context, flags.trust),
      author: await authorOf(context),
    },
    { ...(await signerOf(context)), clock: context.adapters.clock },
  );
  if (bundle !== undefined) await writeWhole(bundle, await packRun(run));
  else {
    const text = (await readSmall(file)).toString('utf8');
    await chainSignoff(context.home, run, { file: basename(file), text, decision }, context.signal);
  }
  process.stdout.write(
    `${decision} by ${identity} (${flags.role}) on run ${run.id}: ${bundle ?? file}\n`,
  );
  return 0;
}

const longestDecisionMs = 30 * 24 * 3_600_000;

/** Shows what would be signed and asks; nothing is signed by pressing Enter twice. */
async function askDecision(
  { adapters, signal, redact }: CommandContext,
  { id, record }: StoredRun,
): Promise<Decision> {
  const prompt = await adapters.prompt();
  const open = record.items
    .filter((item) => !['pass', 'not-applicable'].includes(item.status))
    .map((item) => `  ${item.n} ${item.id}: ${item.status}: ${item.reason}`);
  const lines = [`run ${id} of ${record.startedAt}: ${record.verdict}`, ...open];
  process.stderr.write(redact(`${lines.join('\n')}\n`));
  const choices = [
    { value: 'hold', title: 'hold: not yet' },
    { value: 'approve', title: 'approve: it may go out' },
    { value: 'reject', title: 'reject: it must not go out' },
  ] as const;
  const decision = await prompt.choose('Your decision?', choices, '--decision', signal);
  const sure = await prompt.confirm(`Sign '${decision}'?`, '--decision', signal);
  if (!sure) throw new Fault('usage-invalid', 'nothing was signed');
  return decision;
}
