import { BaseCommand } from './base.ts';

export default class Clean extends BaseCommand {
  static override summary = 'Undo what killed runs left behind.';
  static override description =
    'Only what the ledger of this folder names is touched, and only when the process that made it is gone.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Clean);
    await this.conduct(flags, async ({ home, adapters, signal }) => {
      const { undoLeftovers } = await import('./leftovers.ts');
      const { undone, kept } = await undoLeftovers({
        home: home.folder,
        adapters,
        signal,
      });
      for (const label of undone) process.stdout.write(`removed: ${label}\n`);
      for (const label of kept) process.stdout.write(`not removed: ${label}\n`);
      if (undone.length + kept.length === 0) process.stdout.write('nothing was left behind\n');
      return kept.length > 0 ? 5 : 0;
    });
  }
}
