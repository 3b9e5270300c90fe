import { checksumConfidence } from '../proof/base62-checksum.ts';
import type { Shape } from './shape.ts';

/** Hosts of source code. */
export const sourceControlShapes: readonly Shape[] = [
  {
    id: 'github-token',
    title: 'a GitHub token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /(?<![A-Za-z0-9])gh[pousr]_([A-Za-z0-9]{36})(?![A-Za-z0-9])/y,
    entropy: 3,
    judge: (match) => checksumConfidence(match[1] ?? ''),
    source:
      'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
    gitleaks: ['github-pat', 'github-oauth', 'github-app-token', 'github-refresh-token'],
  },
  {
    id: 'github-fine-grained-token',
    title: 'a GitHub fine-grained token',
    anchors: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9])github_pat_\w{82}(?!\w)/y,
    entropy: 3,
    source: 'https://docs.github.com/authentication/keeping-your-account-and-data-secure',
    gitleaks: ['github-fine-grained-pat'],
  },
  {
    id: 'gitlab-token',
    title: 'a GitLab token',
    anchors: [
      ...['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glagent-', 'gloas-', 'glffct-', 'glft-'],
      ...['glimt-', 'glsoat-', 'GR1348941'],
    ],
    pattern:
      /(?<![A-Za-z0-9])(?:gl(?:pat|dt|rt|cbt|ptt|agent|oas|ffct|ft|imt|soat)-|GR1348941)[\w-]{20,300}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7,9})?/y,
    entropy: 3,
    source: 'https://docs.gitlab.com/security/tokens/#token-prefixes',
    gitleaks: [
      ...['gitlab-pat', 'gitlab-pat-routable', 'gitlab-deploy-token', 'gitlab-cicd-job-token'],
      ...['gitlab-ptt', 'gitlab-kubernetes-agent-token', 'gitlab-oauth-app-secret', 'gitlab-rrt'],
      ...['gitlab-feature-flag-client-token', 'gitlab-feed-token', 'gitlab-incoming-mail-token'],
      ...['gitlab-runner-authentication-token', 'gitlab-runner-authentication-token-routable'],
      ...['gitlab-scim-token'],
    ],
  },
  {
    id: 'gitlab-session',
    title: 'a session cookie of GitLab',
    anchors: ['_gitlab_session='],
    pattern: /_gitlab_session=(?<secret>[0-9a-z]{32})(?![A-Za-z0-9])/y,
    entropy: 3,
    gitleaks: ['gitlab-session-cookie'],
  },
  {
    id: 'azure-devops-token',
    title: 'an Azure DevOps token',
    anchors: ['AZDO'],
    // 84 characters, of which these four stand before the checksum of four.
    pattern: /(?<=(?<![A-Za-z0-9])[A-Za-z0-9]{76})AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y,
    entropy: 2,
    source:
      'https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
  },
  {
    id: 'bitbucket-app-password',
    title: 'a Bitbucket app password',
    anchors: ['ATBB'],
    pattern: /(?<![A-Za-z0-9])ATBB[A-Za-z0-9]{32}(?![A-Za-z0-9])/y,
    entropy: 3.5,
    source: 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/',
  },
  {
    id: 'sourcegraph-token',
    title: 'a Sourcegraph token',
    anchors: ['sgp_'],
    pattern: /(?<![A-Za-z0-9])sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}(?![A-Za-z0-9])/y,
    entropy: 3,
    source: 'https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token',
    gitleaks: ['sourcegraph-access-token'],
  },
];
