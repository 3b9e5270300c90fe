import { isMadeOfWords } from '../proof/generic-value.ts';
import type { Shape } from './shape.ts';

/** Secret stores, infrastructure as code, continuous integration and observability. */
export const operationShapes: readonly Shape[] = [
  {
    id: 'vault-token',
    title: 'a HashiCorp Vault token',
    anchors: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{90,300}(?![\w-])/y,
    entropy: 3.5,
    source: 'https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes',
    gitleaks: ['vault-batch-token'],
  },
  {
    id: 'vault-legacy-token',
    title: 'a token of HashiCorp Vault before 1.10',
    // Alone it is a method call of a variable `s`; so a quote, a space or an equals sign stands before it.
    anchors: ['"s.', "'s.", ' s.', '=s.', '>s.', '\ts.', '`s.'],
    pattern: /["'`=> \t]s\.(?<secret>(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24})(?![^"'`\s;<\\,)])/y,
    entropy: 3.5,
    source: 'https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes',
    judge: ({ groups }) => (isMadeOfWords(groups?.secret ?? '') ? undefined : 'likely'),
    gitleaks: ['vault-service-token'],
  },
  {
    id: 'terraform-token',
    title: 'a HCP Terraform token',
    anchors: ['.atlasv1.'],
    pattern: /(?<=[A-Za-z0-9]{14})\.atlasv1\.[\w=-]{60,70}(?![\w=-])/y,
    entropy: 3.5,
    source:
      'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
    gitleaks: ['hashicorp-tf-api-token'],
  },
  {
    id: 'pulumi-token',
    title: 'a Pulumi token',
    anchors: ['pul-'],
    pattern: /(?<![A-Za-z0-9])pul-[a-f0-9]{40}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/',
    gitleaks: ['pulumi-api-token'],
  },
  {
    id: 'doppler-token',
    title: 'a Doppler token',
    anchors: ['dp.pt.', 'dp.st.', 'dp.sa.', 'dp.ct.', 'dp.scim.', 'dp.audit.'],
    pattern:
      /dp\.(?:pt|st|sa|ct|scim|audit)\.(?:[a-z0-9-]{2,35}\.)?[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://docs.doppler.com/reference/auth-token-formats',
    gitleaks: ['doppler-api-token'],
  },
  {
    id: 'onepassword-token',
    title: 'a 1Password service account token or secret key',
    anchors: ['ops_eyJ', 'A3-'],
    pattern:
      /(?<![A-Za-z0-9])(?:ops_eyJ[A-Za-z0-9+/]{250,3000}={0,3}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}(?![A-Z0-9]))/y,
    reach: 3100,
    entropy: 3.6,
    source: 'https://developer.1password.com/docs/service-accounts/security/',
    gitleaks: ['1password-service-account-token', '1password-secret-key'],
  },
  {
    id: 'grafana-token',
    title: 'a Grafana token',
    // The last is the base64 of `{"k":"`, which keys of before version 9 begin with.
    anchors: ['glsa_', 'glc_', 'eyJrIjoi'],
    pattern:
      /(?<![A-Za-z0-9])(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}(?![A-Za-z0-9])|glc_[A-Za-z0-9+/]{32,400}={0,3}|eyJrIjoi[A-Za-z0-9]{60,400}={0,3}(?![A-Za-z0-9+/_.-]))/y,
    entropy: 3,
    source: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
    gitleaks: ['grafana-service-account-token', 'grafana-cloud-api-token', 'grafana-api-key'],
  },
  {
    id: 'sentry-token',
    title: 'a Sentry token',
    // The second is the base64 of `{"iat":`.
    anchors: ['sntryu_', 'sntrys_eyJpYXQiO'],
    pattern:
      /(?<![A-Za-z0-9])(?:sntryu_[a-f0-9]{64}(?![A-Za-z0-9])|sntrys_eyJpYXQiO[A-Za-z0-9+/]{40,420}={0,2}_[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/]))/y,
    entropy: 3.5,
    source: 'https://docs.sentry.io/account/auth-tokens/',
    gitleaks: ['sentry-org-token', 'sentry-user-token'],
  },
  {
    id: 'dynatrace-token',
    title: 'a Dynatrace token',
    anchors: ['dt0c01.', 'dt0s01.', 'dt0s08.', 'dt0s16.'],
    pattern: /dt0[cs]\d{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}(?![A-Za-z0-9])/y,
    entropy: 4,
    source:
      'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens',
    gitleaks: ['dynatrace-api-token'],
  },
  {
    id: 'new-relic-key',
    title: 'a New Relic key',
    anchors: ['NRAK-', 'NRII-', 'NRJS-'],
    pattern:
      /(?<![A-Za-z0-9])(?:NRAK-[A-Za-z0-9]{27}|NRII-[A-Za-z0-9-]{32}|NRJS-[a-f0-9]{19})(?![A-Za-z0-9])/y,
    entropy: 2.5,
    source: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
    gitleaks: ['new-relic-user-api-key', 'new-relic-insert-key', 'new-relic-browser-api-token'],
  },
  {
    id: 'harness-key',
    title: 'a Harness key',
    anchors: ['pat.', 'sat.'],
    pattern: /(?<![A-Za-z0-9])[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])/y,
    entropy: 3,
    source: 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/',
    gitleaks: ['harness-api-key'],
  },
  {
    id: 'octopus-key',
    title: 'an Octopus Deploy key',
    anchors: ['API-'],
    pattern: /(?<![\w-])API-[A-Z0-9]{26}(?![\w-])/y,
    entropy: 3,
    source: 'https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key',
    gitleaks: ['octopus-deploy-api-key'],
  },
  {
    id: 'prefect-key',
    title: 'a Prefect key',
    anchors: ['pnu_', 'pnb_'],
    pattern: /(?<![A-Za-z0-9])pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y,
    entropy: 2,
    gitleaks: ['prefect-api-token'],
  },
  {
    id: 'infracost-key',
    title: 'an Infracost key',
    anchors: ['ico-'],
    pattern: /(?<![\w.-])ico-[A-Za-z0-9]{32}(?![\w-])/y,
    entropy: 3.5,
    source: 'https://www.infracost.io/docs/#2-get-api-key',
    gitleaks: ['infracost-api-token'],
  },
  {
    id: 'tailscale-key',
    title: 'a Tailscale key',
    anchors: ['tskey-'],
    pattern:
      /(?<![A-Za-z0-9])tskey-[a-z]{3,10}-[A-Za-z0-9]{10,24}-(?<secret>[A-Za-z0-9]{20,48})(?![\w-])/y,
    entropy: 3.5,
    source: 'https://tailscale.com/kb/1085/auth-keys',
  },
];
