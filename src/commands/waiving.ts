import { resolve } from 'node:path';
import { waive } from '../checklist/waive.ts';
import type { ExitCode } from '../core/exit.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { openChecklist } from './open-run.ts';
import { expandHome, identityOf, signerOf, trustFile } from './signers.ts';

export interface WaiveFlags {
  readonly reason: string;
  readonly for: number;
  readonly owner?: string | undefined;
  readonly identity?: string | undefined;
  readonly key: string;
  readonly run: string;
}

export async function waiveAndSay(
  context: CommandContext,
  given: string,
  flags: WaiveFlags,
): Promise<ExitCode> {
  const { run } = await openChecklist(context, flags.run);
  const identity = await identityOf(context, flags.identity);
  const { file, target, until } = await waive(
    {
      record: run.record,
      target: given,
      reason: flags.reason,
      owner: flags.owner ?? identity,
      identity,
      key: expandHome(flags.key),
      lastsMs: flags.for,
      allowedSigners: trustFile(context, undefined),
      folder: resolve(context.config.root, context.config.value.checklist.waivers),
      rules: checks,
    },
    { ...(await signerOf(context)), clock: context.adapters.clock },
  );
  process.stdout.write(`${target} waived until ${until}: ${file}; run the checklist again\n`);
  return 0;
}
