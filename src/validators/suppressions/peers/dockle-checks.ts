import { type Checks, none, saying } from './counterparts.ts';

const steps = (says: RegExp) => [saying('image/build-steps', says)];
const leftovers = (says: RegExp) => [saying('image/package-leftovers', says)];
const accounts = (says: RegExp) => [saying('image/accounts', says)];

/** https://github.com/goodwithtech/dockle/blob/master/CHECKPOINT.md */
export const dockle: Checks = {
  'CIS-DI-0001': [
    saying('image/non-root', / so it runs as root$|, which is root$| so it is root$/),
  ],
  // Whether the engine asks for signed images says nothing about this one.
  'CIS-DI-0005': none,
  'CIS-DI-0006': [saying('image/health-check', /has no health check$|\(HEALTHCHECK NONE\)$/)],
  'CIS-DI-0007': steps(/ runs `apt-get update` and installs nothing/),
  'CIS-DI-0008': [saying('image/set-id', / runs as its /)],
  'CIS-DI-0009': steps(/^ADD /),
  'CIS-DI-0010': [
    { rule: 'image/secret' },
    saying('image/unwanted-files', / holds access data: | is where access data is kept: /),
  ],
  'DKL-DI-0001': steps(/ uses sudo,/),
  'DKL-DI-0002': [saying('image/volumes', / is a folder of the system$/)],
  'DKL-DI-0003': steps(/ upgrades all packages,/),
  'DKL-DI-0004': leftovers(/ holds indexes of apk: /),
  'DKL-DI-0005': leftovers(/ holds (?:lists|packages) of apt: /),
  // The name that an image is deployed by is a matter of the manifests.
  'DKL-DI-0006': none,
  'DKL-LI-0001': accounts(/ has an empty password$/),
  'DKL-LI-0002': accounts(/ share the [ug]id | has the uid 0, /),
  'DKL-LI-0003': [saying('image/unwanted-files', / belongs to development: /)],
};
