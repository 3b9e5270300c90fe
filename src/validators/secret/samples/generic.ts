import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/generic.ts`. */
export const genericSamples = ({ noise }: SampleMaker): Samples => ({
  'generic-secret': {
    positive: [`api_key = "${noise(32)}"`, `"client_secret": "${noise(40)}"`, `TOKEN=${noise(24)}`],
    negative: [
      'token = "get_the_token_from_1_file"',
      'const token = tokenizer.next(42);',
      `password: \${PASSWORD_OF_THE_SHOP_42}`,
      `tokenUrl = "${noise(32)}"`,
      'api_key: 0123456789abcdef0123456789abcdef',
      `secretName: "shop-database-credentials-7"`,
    ],
  },
});
