import { isPlaceholder } from '../placeholder.ts';
import type { Shape } from './shape.ts';

/** Chat, and the addresses that anybody who knows them may post to. */
export const chatShapes: readonly Shape[] = [
  {
    id: 'slack-token',
    title: 'a Slack token',
    anchors: ['xoxb-', 'xoxp-', 'xoxe-', 'xoxa-', 'xoxr-', 'xoxo-', 'xoxs-', 'xoxe.xox', 'xapp-'],
    // Bots and people carry numbers first; what is older has one part, or three numbers and hex.
    pattern:
      /(?<![A-Za-z0-9])(?:xox[bpe](?:-\d{8,14}){1,3}(?<tail>-?[A-Za-z0-9-]{10,80})|xox[ar]-(?:\d-)?(?:\d{8,14}-){0,3}(?<tail>[A-Za-z0-9]{8,48})(?![A-Za-z0-9-])|xox[os](?:-\d{1,20}){3}-[a-fA-F0-9]{8,64}|xapp-\d-[A-Za-z0-9]{2,40}-\d{1,20}-[A-Za-z0-9]{10,100}|xoxe\.xox[bp]-\d-[A-Za-z0-9]{163,166}|xoxe-\d-[A-Za-z0-9]{146})/y,
    entropy: 2,
    // The numbers that name a team and a person are no secret by themselves.
    placeholders: false,
    judge: ({ 0: text, groups: { tail = text } = {} }) =>
      /^[\d-]+$/.test(tail) || isPlaceholder(tail) ? undefined : 'likely',
    source: 'https://docs.slack.dev/authentication/tokens',
    gitleaks: [
      ...['slack-bot-token', 'slack-user-token', 'slack-app-token', 'slack-legacy-bot-token'],
      ...['slack-legacy-token', 'slack-legacy-workspace-token', 'slack-config-access-token'],
      ...['slack-config-refresh-token'],
    ],
  },
  {
    id: 'slack-webhook',
    title: 'a Slack webhook address',
    anchors: ['hooks.slack.com/'],
    pattern:
      /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/]{43,80})(?![A-Za-z0-9])/y,
    entropy: 3,
    source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
    gitleaks: ['slack-webhook-url'],
  },
  {
    id: 'discord-webhook',
    title: 'a Discord webhook address',
    anchors: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/(?<secret>[\w-]{60,72})(?![\w-])/y,
    entropy: 4,
    source: 'https://discord.com/developers/docs/resources/webhook',
  },
  {
    id: 'teams-webhook',
    title: 'a Microsoft Teams webhook address',
    anchors: ['.webhook.office.com/webhookb2/'],
    pattern:
      /\.webhook\.office\.com\/webhookb2\/[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}@[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}\/IncomingWebhook\/(?<secret>[a-z0-9]{32}\/[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12})/y,
    source:
      'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    gitleaks: ['microsoft-teams-webhook'],
  },
  {
    id: 'telegram-token',
    title: 'a Telegram bot token',
    anchors: [':AA'],
    pattern: /(?<=(?<![A-Za-z0-9])(?:bot)?\d{8,10}):AA[\w-]{33}(?![\w-])/y,
    entropy: 3.5,
    source: 'https://core.telegram.org/bots/api#authorizing-your-bot',
  },
];
