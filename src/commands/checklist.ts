import * as Flags from '@oclif/core/flags';
import { BaseCommand, reportFlags } from './base.ts';
import { serverRulesFlags } from './manifest-flags.ts';

export default class Checklist extends BaseCommand {
  static override summary = 'Run the twelve items of the pre-deploy checklist and keep the record.';
  static override description =
    'Exit 0 when every critical item holds and the release is signed, 1 when one failed, 3 while something is pending. The record is kept as a run, for `sign`, `verify` and `report`.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --require evidence --output junit=checklist.xml   # CI, before people sign',
    '<%= config.bin %> <%= command.id %> --env staging --output html=checklist.html',
  ];
  static override flags = {
    ...reportFlags,
    env: Flags.string({
      description: 'environment of deploycheck.yaml; its first one when not given',
      helpValue: 'NAME',
    }),
    secret: Flags.string({
      description:
        'a Secret for the simulation: NAME=env-file:PATH, NAME=from-file:PATH, or NAME=copy from the environment; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=SOURCE',
    }),
    'scratch-server': Flags.string({
      description:
        'server on which migrations are tried in scratch databases, as env:NAME, file:PATH or service:NAME; the environment’s own when not given',
      helpValue: 'DATABASE',
    }),
    ...serverRulesFlags,
    require: Flags.option({ options: ['evidence', 'signoff'] as const })({
      description: 'what go asks for; evidence leaves out what only a person can give',
      default: 'signoff',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Checklist);
    await this.conduct(flags, async (context) => {
      const { runAndKeep } = await import('./keep-checklist.ts');
      return runAndKeep(context, flags);
    });
  }
}
