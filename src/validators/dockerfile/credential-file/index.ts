import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf } from '../instruction.ts';

/** Files that hold credentials wherever they are, by their names. */
const names =
  /^(?:\.env(?:\.(?!example|sample|template|dist|defaults?)[\w-]+)?|\.npmrc|\.yarnrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|\.dockercfg|id_(?:rsa|dsa|ecdsa|ed25519)|kubeconfig|credentials\.json|service-account\.json|.+\.(?:pem|key|p12|pfx|jks|keystore|kdbx))$/;
const folders = /(?:^|\/)(?:\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.azure|\.config\/gcloud)(?:\/|$)/;
/** Certificates end like keys, and are there to be shown. */
const harmless =
  /(?:^|[._-])(?:pub|public|ca|cert|certs|chain|fullchain|bundle|root)[\w.-]*\.(?:pem|key)$|\.pub$/i;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/credential-file',
  title: 'No file with credentials is copied',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A file in a layer stays there for everybody who can pull the image, although a later instruction deletes it.',
    messages: { copied: '{{keyword}} takes {{path}} into a layer, a file that holds credentials' },
    remediation:
      'Leave it out in .dockerignore; mount it while it is needed (`RUN --mount=type=secret`).',
    bad: {
      language: 'dockerfile',
      text: 'FROM node:24.4\nWORKDIR /app\nCOPY package.json .npmrc ./\n',
      findings: [{ messageId: 'copied', line: 3, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM node:24.4\nWORKDIR /app\nCOPY package.json .env.example ca.pem ./\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/secrets/'],
  },
  run({ target }) {
    return target.instructions.flatMap((instruction) => {
      const { keyword, json, words, place, stage } = instruction;
      const copies = keyword === 'COPY' || keyword === 'ADD';
      // What a stage hands on has a finding where it came from, unless an image did.
      if (!copies || stage === -1 || flagOf(instruction, 'from') !== undefined) return [];
      const paths = json ?? words.map(({ value }) => value);
      return paths
        .slice(0, -1)
        .filter(isCredentials)
        .map((path) => draftAt(target, place, 'copied', { keyword, path }));
    });
  },
};

function isCredentials(path: string): boolean {
  const name = posix.basename(path);
  if (harmless.test(name)) return false;
  return names.test(name) || folders.test(path);
}
