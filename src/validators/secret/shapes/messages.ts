import type { Shape } from './shape.ts';

/** Mail and text messages. */
export const messageShapes: readonly Shape[] = [
  {
    id: 'sendgrid-key',
    title: 'a SendGrid key',
    anchors: ['SG.'],
    pattern: /(?<![A-Za-z0-9])SG\.(?:[\w-]{22}\.[\w-]{43}(?![\w-])|[\w=.-]{66}(?![\w=.-]))/y,
    entropy: 3.5,
    source: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    gitleaks: ['sendgrid-api-token'],
  },
  {
    id: 'mailgun-key',
    title: 'a Mailgun key',
    anchors: ['key-'],
    pattern: /(?<![\w-])key-[a-f0-9]{32}(?![A-Za-z0-9-])/y,
    entropy: 3,
    source: 'https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth',
    gitleaks: ['mailgun-private-api-token'],
  },
  {
    id: 'mailchimp-key',
    title: 'a Mailchimp key',
    anchors: ['-us'],
    pattern: /(?<=(?<![A-Za-z0-9-]|initialize\(token: )[a-f0-9]{32})-us\d{1,2}(?![A-Za-z0-9-])/y,
    // The SDK for phones carries a key of its own, which is public.
    source: 'https://mailchimp.com/developer/marketing/guides/quick-start/',
    gitleaks: ['mailchimp-api-key'],
  },
  {
    id: 'brevo-key',
    title: 'a Brevo key',
    anchors: ['xkeysib-'],
    pattern: /(?<![A-Za-z0-9])xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://developers.brevo.com/docs/getting-started',
    gitleaks: ['sendinblue-api-token'],
  },
  {
    id: 'twilio-key',
    title: 'a Twilio key',
    anchors: ['SK'].flatMap((prefix) =>
      [...'0123456789abcdefABCDEF'].map((digit) => `${prefix}${digit}`),
    ),
    pattern: /(?<![A-Za-z0-9+/])SK[0-9a-fA-F]{32}(?![A-Za-z0-9+/])/y,
    entropy: 3,
    source: 'https://www.twilio.com/docs/iam/api-keys',
    gitleaks: ['twilio-api-key'],
  },
];
