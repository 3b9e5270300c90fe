import { shapes } from '../shapes.ts';

/** Rules of gitleaks that no shape here looks for, and why. */
export const leftOutOfGitleaks: ReadonlyMap<string, string> = new Map([
  ...[
    ...['adobe-client-id', 'asana-client-id', 'bitbucket-client-id', 'discord-client-id'],
    ...['linkedin-client-id', 'messagebird-client-id', 'plaid-client-id', 'sendbird-access-id'],
    ...['looker-client-id', 'sumologic-access-id', 'new-relic-user-api-id'],
  ].map((rule) => [rule, 'an identifier, which opens nothing alone'] as const),
  ...['flutterwave-public-key', 'lob-pub-api-key', 'mailgun-pub-key', 'mapbox-api-token'].map(
    (rule) => [rule, 'a public key, which pages carry on purpose'] as const,
  ),
  ['curl-auth-header', 'any value of a header; tokens in it are found by their own shapes'],
  ['curl-auth-user', 'any user and password of a command; those in addresses are found'],
  ['facebook-access-token', 'the id of an app and its secret; the secret is found beside its name'],
  ['freemius-secret-key', 'of PHP files alone'],
  ['hashicorp-tf-password', 'any text given to a password in Terraform'],
  ['pkcs12-file', 'the name of a file alone; pkcs12-store knows the content'],
  ['kubernetes-secret-yaml', 'secret/in-manifests reads Secrets as objects'],
]);

const byRule = Map.groupBy(
  shapes.flatMap(({ id, gitleaks = [] }) => gitleaks.map((rule) => ({ id, rule }))),
  ({ rule }) => rule,
);

/** Ids of the shapes that look for what a rule of gitleaks looks for; none for a rule that is not known. */
export function shapesOfRule(rule: string): readonly string[] {
  return byRule.get(rule)?.map(({ id }) => id) ?? [];
}

/** Whether gitleaks has, or had, a rule of this id. */
export const isRuleOfGitleaks = (rule: string): boolean =>
  byRule.has(rule) || leftOutOfGitleaks.has(rule);
