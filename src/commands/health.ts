import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag, failOnFlag, reportFlags } from './base.ts';

const repeatable = { multiple: true, multipleNonGreedy: true } as const;

export default class Health extends BaseCommand {
  static override summary =
    'Ask a URL, and judge status, body, certificate, headers and the origins it lets in.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> https://shop.example.com/readyz',
    '<%= config.bin %> <%= command.id %> http://127.0.0.1:8080/healthz --body \'"status":"ok"\'',
    '<%= config.bin %> <%= command.id %> https://shop.example.com/readyz --dependency database=up --dependency bucket=up',
    '<%= config.bin %> <%= command.id %> https://shop.example.com/ --security-headers --cors-refused https://evil.example',
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
    'body-json': Flags.boolean({ description: 'the body must be JSON and say so' }),
    dependency: Flags.string({
      description: 'what the JSON body must say at a dotted path; repeatable',
      helpValue: 'NAME=VALUE',
      ...repeatable,
    }),
    'expect-header': Flags.string({
      description: 'a header and its value, a part of it, or a regular expression; repeatable',
      helpValue: 'NAME: VALUE',
      ...repeatable,
    }),
    'security-headers': Flags.boolean({
      description: 'headers that keep browsers from attacks must be there',
    }),
    'cors-allowed': Flags.string({
      description: 'an origin whose pages may read the answers; repeatable',
      helpValue: 'ORIGIN',
      ...repeatable,
    }),
    'cors-refused': Flags.string({
      description: 'an origin whose pages may not; repeatable',
      helpValue: 'ORIGIN',
      ...repeatable,
    }),
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
