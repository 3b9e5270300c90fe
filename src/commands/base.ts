import { Command } from '@oclif/core/command';
import * as Errors from '@oclif/core/errors';
import * as Flags from '@oclif/core/flags';
import { parseDuration } from '../config/duration.ts';
import { presets } from '../core/check.ts';
import { type ExitCode, exitMeaning } from '../core/exit.ts';
import { Fault, faultRecord } from '../core/fault.ts';
import { faultRun } from '../core/fault-run.ts';
import type { Severity } from '../core/finding.ts';
import { Interruption } from '../core/interruption.ts';
import type { RunRecord } from '../core/record.ts';
import { createRedactor, type Redactor, redactDeep } from '../core/redact.ts';
import { visibleLines } from '../report/visible.ts';
import { type Adapters, realAdapters } from './adapters.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Workspace } from './workspace.ts';

const duration = Flags.custom<number>({
  async parse(text) {
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined) {
      throw new Errors.CLIError(`'${text}' is not a duration such as 30s, 5m or 24h`, { exit: 2 });
    }
    return milliseconds;
  },
});

/** A flag whose value is a duration, in milliseconds. */
export const durationFlag = duration;

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Flags of every command that examines something and reports it. */
export const reportFlags = {
  format: Flags.string({
    description: 'what stdout gets: text, json, markdown, html, sarif or junit',
    default: 'text',
    helpGroup: 'REPORT',
  }),
  output: Flags.string({
    description: 'also write a report to a file, such as html=report.html; repeatable',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME=FILE',
    helpGroup: 'REPORT',
  }),
};

const failOn = (severity: Severity) => ({
  'fail-on': Flags.option({ options: severities })({
    description: 'lowest severity that makes the exit code 1',
    default: severity,
  }),
});

export const failOnFlag = failOn('error');

/** Which rules a validation runs; those of `rules.preset` when not given. */
export const presetFlag = {
  preset: Flags.option({ options: presets })({
    description: 'which rules are run; `rules.preset` of the configuration when not given',
  }),
};

/** Findings of before, which are listed and do not count. */
export const baselineFlags = {
  baseline: Flags.string({
    description:
      'file of findings that were there before, which are listed apart; `rules.baseline` when not given',
    helpValue: 'FILE',
  }),
  'write-baseline': Flags.string({
    description: 'write what is found into such a file; this run is judged without it',
    helpValue: 'FILE',
  }),
};
export const failOnWarningFlag = failOn('warning');

/** What every command works with. */
export interface BareContext {
  readonly signal: AbortSignal;
  readonly adapters: Adapters;
  readonly redact: Redactor;
  readonly toolVersion: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  /** Words after the program's name, as the record keeps them. */
  readonly command: string;
}

/** The same with configuration and run folder. */
export interface CommandContext extends BareContext, Workspace {}

export interface GlobalFlags {
  readonly config?: string | undefined;
  readonly timeout?: number | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly 'no-color': boolean;
  readonly format?: string | undefined;
}

/** Signals, deadline, clean-up, output and exit code, the same for every command. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    config: Flags.string({
      description: 'configuration file; deploycheck.yaml of this folder when not given',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
    }),
    timeout: duration({
      description: 'give up after this long, such as 90s or 10m (exit 5)',
      helpGroup: 'GLOBAL',
    }),
    quiet: Flags.boolean({ char: 'q', description: 'no progress', helpGroup: 'GLOBAL' }),
    verbose: Flags.boolean({ description: 'everything there is to say', helpGroup: 'GLOBAL' }),
    'no-color': Flags.boolean({
      description: 'no colours; NO_COLOR does the same',
      helpGroup: 'GLOBAL',
    }),
  };

  /** Runs a use case that needs configuration or keeps runs; see {@link conductBare}. */
  protected async conduct(
    flags: GlobalFlags,
    work: (context: CommandContext) => Promise<ExitCode>,
  ): Promise<void> {
    await this.conductBare(flags, async (bare) => {
      const { openWorkspace } = await import('./workspace.ts');
      const { redactTokens } = await import('../validators/secret/redact-tokens.ts');
      bare.redact.learn(redactTokens);
      const { config, home, scope } = await openWorkspace(flags.config);
      await using _ = scope;
      return await work({ ...bare, config, home, scope });
    });
  }

  /**
   * Runs the use case and ends the process with its exit code. Faults become one sentence and a hint
   * on stderr, and with `--format json` a record on stdout; anything else thrown is a bug: 70.
   */
  protected async conductBare(
    flags: GlobalFlags,
    work: (context: BareContext) => Promise<ExitCode>,
  ): Promise<void> {
    leaveOnClosedPipe();
    using interrupts = listenForInterrupts(flags.timeout);
    const redact = createRedactor();
    const adapters = realAdapters(redact);
    const startedAt = adapters.clock.now();
    const began = adapters.clock.monotonic();
    let exit: ExitCode;
    try {
      exit = await work({
        signal: interrupts.signal,
        adapters,
        redact,
        toolVersion: this.config.version,
        quiet: flags.quiet,
        verbose: flags.verbose,
        color: wantsColor(flags),
        command: commandLine(this.id, this.argv),
      });
    } catch (error) {
      exit = exitOf(error);
      this.explain(error, flags.verbose, redact);
      if (flags.format === 'json') {
        printRecord(
          faultRun(error, {
            command: commandLine(this.id, this.argv),
            toolVersion: this.config.version,
            startedAt,
            durationMs: Math.round(adapters.clock.monotonic() - began),
          }),
          redact,
        );
      }
    }
    process.exitCode = exit;
  }

  private explain(error: unknown, verbose: boolean, redact: Redactor): void {
    const { message, hint, code, cause } = faultRecord(unwrapped(error));
    const interrupted = interruptionIn(error);
    const lines = interrupted
      ? [`deploycheck: ${interrupted.message}`]
      : [`deploycheck: ${message}`, `  ${hint}`];
    if (!interrupted && (verbose || code === 'internal') && cause) lines.push(cause);
    if (error instanceof SuppressedError) lines.push(...leftBehind(error));
    const which = interrupted ? '' : ` (${code})`;
    lines.push(`  exit ${exitOf(error)}${which}: ${exitMeaning[exitOf(error)]}`);
    // What a server or a file says of itself must not steer the terminal.
    process.stderr.write(`${visibleLines(redact(lines.join('\n'))).join('\n')}\n`);
  }
}

function printRecord(record: RunRecord, redact: Redactor): void {
  process.stdout.write(`${JSON.stringify(redactDeep(record, redact), null, 2)}\n`);
}

function interruptionIn(error: unknown): Interruption | undefined {
  if (error instanceof Interruption) return error;
  return error instanceof Error && error.cause !== undefined
    ? interruptionIn(error.cause)
    : undefined;
}

/** A failed clean-up arrives as a SuppressedError around what ended the run. */
function unwrapped(error: unknown): unknown {
  return error instanceof SuppressedError ? unwrapped(error.suppressed) : error;
}

/** What the clean-up that failed as well has left. */
function leftBehind({ error }: SuppressedError): readonly string[] {
  return error instanceof Fault ? [`  ${error.message}`, `  ${error.entry.hint}`] : [];
}

function exitOf(error: unknown): ExitCode {
  const interrupted = interruptionIn(unwrapped(error));
  if (interrupted) return interrupted.exit;
  const root = unwrapped(error);
  return root instanceof Fault ? root.exit : 70;
}

function commandLine(id: string | undefined, argv: readonly string[]): string {
  return [...(id ?? '').split(':'), ...argv].join(' ').trim();
}

function wantsColor(flags: GlobalFlags): boolean {
  if (flags['no-color'] || process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return process.stdout.isTTY === true;
}

/** `deploycheck … 2>&1 | head` closes the outputs early: the reader has what it wanted. */
function leaveOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
