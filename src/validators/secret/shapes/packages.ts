import { checksumConfidence } from '../proof/base62-checksum.ts';
import { isUserAndPassword } from '../proof/user-and-password.ts';
import type { Shape } from './shape.ts';

/** Registries of packages and images. */
export const packageShapes: readonly Shape[] = [
  {
    id: 'npm-token',
    title: 'an npm token',
    anchors: ['npm_'],
    pattern: /(?<![A-Za-z0-9_])npm_([A-Za-z0-9]{36})(?![A-Za-z0-9_])/y,
    entropy: 2,
    judge: (match) => checksumConfidence(match[1] ?? ''),
    source: 'https://docs.npmjs.com/about-access-tokens',
    gitleaks: ['npm-access-token'],
  },
  {
    id: 'npmrc-credential',
    title: 'a credential of an npm registry',
    anchors: [':_auth', ':_password', '\n_auth', '\n_password'],
    pattern:
      /[:\n]_(?:authToken|password|auth)[ \t]{0,3}=[ \t]{0,3}["']?(?<secret>[A-Za-z0-9+/_=.~-]{8,2000})/y,
    reach: 2100,
    entropy: 2.5,
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc',
  },
  {
    id: 'pypi-token',
    title: 'a PyPI token',
    // The constants are the base64 of the macaroon's version and its location, "pypi.org" or "test.pypi.org".
    anchors: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
    pattern: /pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[\w-]{50,1000}/y,
    reach: 1100,
    entropy: 3,
    source: 'https://pypi.org/help/#apitoken',
    gitleaks: ['pypi-upload-token'],
  },
  {
    id: 'rubygems-token',
    title: 'a RubyGems key',
    anchors: ['rubygems_'],
    pattern: /(?<![A-Za-z0-9])rubygems_[a-f0-9]{48}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://guides.rubygems.org/api-key-scopes/',
    gitleaks: ['rubygems-api-token'],
  },
  {
    id: 'clojars-token',
    title: 'a Clojars token',
    anchors: ['CLOJARS_'],
    pattern: /CLOJARS_[A-Za-z0-9]{60}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
    gitleaks: ['clojars-api-token'],
  },
  {
    id: 'crates-token',
    title: 'a crates.io token',
    anchors: ['cio'],
    pattern: /(?<![\w-])cio[A-Za-z0-9]{32}(?![\w-])/y,
    entropy: 4,
    source: 'https://doc.rust-lang.org/cargo/reference/registry-authentication.html',
  },
  {
    id: 'nuget-password',
    title: 'a clear-text password of a NuGet source',
    anchors: ['"ClearTextPassword"', '<add key="Password"'],
    pattern:
      /(?:"ClearTextPassword"|<add key="Password")\s{0,4}value="(?<secret>[^"<>\r\n]{8,200})"/y,
    chosen: true,
    entropy: 1,
    // A variable of the environment stands between two percent signs.
    judge: ({ groups }) => (/^%\S*%$/.test(groups?.secret ?? '') ? undefined : 'likely'),
    source:
      'https://learn.microsoft.com/nuget/reference/nuget-config-file#packagesourcecredentials',
    gitleaks: ['nuget-config-password'],
  },
  {
    id: 'docker-token',
    title: 'a Docker Hub token',
    anchors: ['dckr_pat_', 'dckr_oat_'],
    pattern: /(?<![A-Za-z0-9])dckr_[po]at_[\w-]{27,32}(?![\w-])/y,
    entropy: 3,
    source: 'https://docs.docker.com/security/access-tokens/',
  },
  {
    id: 'registry-login',
    title: 'a login to an image registry',
    anchors: ['"auth"'],
    pattern: /"auth"\s{0,8}:\s{0,8}"(?<secret>[A-Za-z0-9+/]{8,2000}={0,2})"/y,
    reach: 2100,
    chosen: true,
    // An empty or a pointed-out login decodes to nothing of the kind.
    judge: ({ groups }) => (isUserAndPassword(groups?.secret ?? '') ? 'verified' : undefined),
    source: 'https://docs.docker.com/reference/cli/docker/login/#credential-stores',
  },
  {
    id: 'artifactory-key',
    title: 'an Artifactory key or reference token',
    anchors: ['AKCp', 'cmVmd'],
    pattern: /(?<![A-Za-z0-9])(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})(?![A-Za-z0-9])/y,
    entropy: 4.4,
    source: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
    gitleaks: ['artifactory-api-key', 'artifactory-reference-token'],
  },
];
