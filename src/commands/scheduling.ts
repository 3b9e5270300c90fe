import { type Answered, applyAll, type Planned, planned } from '../backup/schedule/apply.ts';
import { scheduleObjects } from '../backup/schedule/cron-job.ts';
import { environmentNamed } from '../config/environment.ts';
import { yamlText } from '../config/yaml-text.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import type { CommandContext } from './base.ts';
import { openCluster } from './cluster.ts';
import { needsOf } from './schedule-keys.ts';
import { type ScheduleFlags, scheduleOf } from './schedule-plan.ts';

/** Prints the objects of a schedule, or applies them. */
export async function schedule(context: CommandContext, flags: ScheduleFlags): Promise<ExitCode> {
  const say = (line: string) => process.stderr.write(context.redact(`${line}\n`));
  const environment = environmentNamed(context.config, flags.env);
  const needs = needsOf(context, flags).join('\n');
  if (!flags.apply) {
    const namespace = flags.namespace ?? environment?.namespace;
    const objects = scheduleObjects(await scheduleOf(context, flags, namespace));
    process.stdout.write(yamlText(objects));
    if (!context.quiet) say(needs);
    return 0;
  }
  const kube = await openCluster(context, flags, environment);
  const { server, context: name, namespace } = kube.target;
  const objects = scheduleObjects(await scheduleOf(context, flags, namespace));
  say(`target: ${server} (context ${name}), namespace ${namespace}`);
  const { signal } = context;
  const plan = await planned(kube, objects, signal);
  const tried = await applyAll(kube, objects, { dryRun: true }, signal);
  for (const line of planLines(plan)) say(line);
  say(needs);
  if (!said(tried, say)) return 1;
  if (!flags.yes) {
    const prompt = await context.adapters.prompt();
    const question = `Apply to the namespace ${namespace} of ${server}?`;
    const agreed = await prompt.confirm(question, '--yes', signal);
    if (!agreed) throw new Fault('usage-invalid', 'you did not agree, and nothing was written');
  }
  const applied = await applyAll(kube, objects, { dryRun: false }, signal);
  for (const { name, ok } of applied) if (ok) process.stdout.write(`applied: ${name}\n`);
  return said(applied, say) ? 0 : 1;
}

const planLines = (plan: readonly Planned[]): string[] =>
  plan.map(({ object: { kind, metadata }, present }) => {
    return `${present ? 'change' : 'create'} ${kind} ${metadata.name}`;
  });

/** @returns whether nothing was refused */
function said(answers: readonly Answered[], say: (line: string) => void): boolean {
  for (const answer of answers) {
    for (const warning of answer.warnings) say(`warning: ${answer.name}: ${warning}`);
    if (!answer.ok) say(`refused: ${answer.name}: ${answer.why}`);
  }
  return answers.every(({ ok }) => ok);
}
