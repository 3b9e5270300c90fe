import { hex } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/messages.ts`. */
export const messageSamples = ({ noise }: SampleMaker): Samples => ({
  'sendgrid-key': {
    positive: [`SG.${noise(22)}.${noise(43)}`],
    negative: ['MSG.length', `SG.${noise(22)}`],
  },
  'mailgun-key': { positive: [`key-${noise(32, hex)}`], negative: ['key-value'] },
  'mailchimp-key': {
    positive: [`${noise(32, hex)}-us12`],
    negative: ['en-us', `${noise(8, hex)}-us1`],
  },
  'brevo-key': {
    positive: [`xkeysib-${noise(64, hex)}-${noise(16)}`],
    negative: ['xkeysib-key'],
  },
  'twilio-key': { positive: [`SK${noise(32, hex)}`], negative: [`SK${noise(12, hex)}`] },
});
