import { digits, hex, letters, upper } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/chat.ts`. */
export const chatSamples = ({ noise, uuid }: SampleMaker): Samples => ({
  'slack-token': {
    positive: [
      `xoxb-${noise(12, digits)}-${noise(12, digits)}-${noise(24)}`,
      `xoxp-${noise(11, digits)}-${noise(11, digits)}-${noise(11, digits)}-${noise(32, hex)}`,
      `xapp-1-A${noise(10, upper)}-${noise(13, digits)}-${noise(64, hex)}`,
      `xoxe-1-${noise(146)}`,
    ],
    negative: ['xoxb-not-a-real-token', `xoxb-${noise(24, letters)}`],
  },
  'slack-webhook': {
    positive: [`https://hooks.slack.com/services/T${noise(9)}/B${noise(9)}/${noise(24)}`],
    negative: ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
  },
  'discord-webhook': {
    positive: [`https://discord.com/api/webhooks/${noise(18, digits)}/${noise(68)}`],
    negative: ['https://discord.com/api/webhooks/id/token'],
  },
  'teams-webhook': {
    positive: [
      `https://shop.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${noise(32, hex)}/${uuid}`,
    ],
    negative: ['https://shop.webhook.office.com/webhookb2/'],
  },
  'telegram-token': {
    positive: [`${noise(10, digits)}:AA${noise(33)}`],
    negative: [`:AA${noise(33)}`],
  },
});
