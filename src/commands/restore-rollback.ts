import { planRollback, rollBackRestore } from '../backup/restore/rollback.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { databaseRefOf } from './backup-plan.ts';
import { withProgress } from './backup-run.ts';
import type { CommandContext } from './base.ts';

interface RollbackFlags {
  readonly to?: string | undefined;
  readonly database?: string | undefined;
  readonly kept?: string | undefined;
  readonly replace: boolean;
  readonly yes: boolean;
}

/** `restore --rollback`: says what it will rename, asks, and renames. */
export async function rollBack(
  context: CommandContext,
  { to, database: name, kept, replace, yes }: RollbackFlags,
  set: string | undefined,
): Promise<ExitCode> {
  if (set !== undefined) {
    const why = `--rollback takes no set, and '${set}' is named: which one was restored is found at the database`;
    throw new Fault('usage-invalid', why);
  }
  if (to === undefined || name === undefined) {
    throw new Fault('usage-invalid', '--rollback needs --to and --database');
  }
  const target = { server: databaseRefOf(to, process.cwd()), name, kept: kept ?? null, replace };
  const say = (lines: readonly string[]) =>
    process.stderr.write(context.redact(`${lines.join('\n')}\n`));
  return await withProgress<ExitCode>(context, async (systems) => {
    const plan = await planRollback(target, systems);
    say(plan.lines);
    if (plan.type === 'done already') return 0;
    if (!yes) {
      const prompt = await context.adapters.prompt();
      const agreed = await prompt.confirm('Rename as described?', '--yes', systems.signal);
      if (!agreed) throw new Fault('restore-refused', 'you did not agree, and nothing was renamed');
    }
    const done = await rollBackRestore(target, systems);
    const aside = done.type === 'switch' ? done.change.aside : null;
    say([
      `${name} is the database from before the restore`,
      ...(aside ? [`what was restored is kept as ${aside.as}`] : []),
    ]);
    return 0;
  });
}
