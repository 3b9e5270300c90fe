import { runChecks } from '../core/engine.ts';
import type { ExitCode } from '../core/exit.ts';
import type { Severity } from '../core/finding.ts';
import { judgedRecord, measured } from '../core/judged-record.ts';
import { redactDeep } from '../core/redact.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { lookAtEndpoint } from '../simulate/endpoint.ts';
import { ruleSettings } from '../validators/settings.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { type EndpointFlags, endpointProbe } from './endpoint-flags.ts';
import { planOutput, writeReports } from './output.ts';

interface Flags extends EndpointFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly 'fail-on': Severity;
}

/** Asks a URL, judges the answer, and shows it. */
export async function askEndpoint(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { adapters, config, redact, signal } = context;
  const { clock } = adapters;
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const settings = ruleSettings(config.value.rules, checks);
  const startedAt = clock.now();
  const seen = await lookAtEndpoint(endpointProbe(flags), { signal, clock });
  const run = await runChecks({
    ...{ checks, targets: [seen], signal, clock, settings },
    evidence: { add: () => Promise.reject(new Error('a URL leaves no evidence')) },
  });
  const record = redactDeep(
    {
      ...judgedRecord({
        ...{ targets: [seen], run, failOn: flags['fail-on'], startedAt },
        command: context.command,
        toolVersion: context.toolVersion,
        durationMs: seen.durationMs,
      }),
      measurements: [measured('health.time', seen.durationMs, 'ms')],
    },
    redact,
  );
  await writeReports(record, plan, checks);
  return exitOfChecks(record.findings, record.outcomes, flags['fail-on']);
}
