import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag, failOnFlag, reportFlags } from './base.ts';

export default class Health extends BaseCommand {
  static override summary = 'Ask a URL once, and judge status, body and certificate.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> https://shop.example.com/readyz',
    '<%= config.bin %> <%= command.id %> http://127.0.0.1:8080/healthz --body \'"status":"ok"\'',
  ];
  static override args = {
    url: Args.string({ description: 'http or https URL', required: true }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    status: Flags.integer({
      description: 'expected HTTP status',
      default: 200,
      min: 100,
      max: 599,
    }),
    body: Flags.string({ description: 'text or regular expression that the body must match' }),
    within: durationFlag({ description: 'time for the whole answer; 10s when not given' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Health);
    await this.conduct(flags, async (context) => {
      const { askEndpoint } = await import('./asking-endpoint.ts');
      return askEndpoint(context, { ...flags, url: args.url });
    });
  }
}
