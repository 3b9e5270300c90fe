import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base.ts';

export default class SimulateClean extends BaseCommand {
  static override summary =
    'Remove temporary namespaces that killed simulations left in a cluster.';
  static override description =
    'Those past their time, those that the ledger of this folder names, or all of them; only what carries the labels of deploycheck, each by its uid. Finalizers are never removed. Exit 5 when something does not go, with what holds it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --expired',
    '<%= config.bin %> <%= command.id %> --all --context staging   # running ones, too',
  ];
  static override flags = {
    expired: Flags.boolean({
      description: 'those past their time, whoever made them; the default',
      exclusive: ['all', 'run'],
    }),
    all: Flags.boolean({ description: 'every one, those of running simulations too' }),
    run: Flags.string({
      description: 'the one of this name, or with this run label',
      helpValue: 'NAME',
      exclusive: ['all'],
    }),
    context: Flags.string({ description: 'context of the kubeconfig', helpValue: 'NAME' }),
    kubeconfig: Flags.string({ description: 'kubeconfig file', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(SimulateClean);
    await this.conduct(flags, async (context) => {
      const { cleanSandboxes } = await import('../cleaning-sandboxes.ts');
      return cleanSandboxes(context, flags);
    });
  }
}
