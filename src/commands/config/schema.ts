import { BaseCommand } from '../base.ts';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of deploycheck.yaml, for editors.';
  static override examples = ['<%= config.bin %> <%= command.id %> > deploycheck.schema.json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigSchema);
    await this.conductBare(flags, async () => {
      const { configJsonSchema } = await import('../../config/json-schema.ts');
      process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
      return 0;
    });
  }
}
