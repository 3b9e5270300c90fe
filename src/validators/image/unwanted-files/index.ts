import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';

const app = { path: 'app/server.js', content: 'serve()' };

export const check: Check<Image> = {
  id: 'image/unwanted-files',
  title: 'No credential files and no version control data',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Files that came along with `COPY . .` tell an intruder how to go on: keys, access data, the whole history of the code.',
    messages: {
      credentials: '{{path}} holds access data: {{what}}',
      'credential-store': '{{path}} is where access data is kept: {{what}}',
      development: '{{path}} belongs to development: {{what}}',
    },
    remediation:
      'List the file in .dockerignore and build again; deleting it in a later layer leaves it in the earlier one.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: {},
        layers: [
          [app, { path: 'app/.git', type: 'directory' }, { path: 'app/.git/HEAD', content: 'x' }],
        ],
      }),
      findings: [{ messageId: 'development' }],
    },
    good: { language: 'image-recipe', text: recipe({ config: {}, layers: [[app]] }), findings: [] },
    references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    return [...target.filesystem.nodes()].flatMap((node) => {
      const found = kindOf(target, node);
      if (!found) return [];
      const { kind, what } = found;
      const draft: Draft = {
        messageId: kind,
        data: { path: `/${node.path}`, what },
        location: fileLocation(target, node),
        ...(kind === 'credentials' ? { severity: 'error' } : {}),
      };
      return [draft];
    });
  },
};

interface Unwanted {
  readonly kind: 'credentials' | 'credential-store' | 'development';
  readonly what: string;
}

const folders: Readonly<Record<string, Unwanted>> = {
  '.git': { kind: 'development', what: 'the history of the code' },
  '.svn': { kind: 'development', what: 'the history of the code' },
  '.hg': { kind: 'development', what: 'the history of the code' },
  '.idea': { kind: 'development', what: 'settings of an editor' },
  '.vscode': { kind: 'development', what: 'settings of an editor' },
  '.terraform': { kind: 'development', what: 'data of Terraform' },
  '.aws': { kind: 'credential-store', what: 'settings of the AWS command line' },
  '.azure': { kind: 'credential-store', what: 'settings of the Azure command line' },
  '.kube': { kind: 'credential-store', what: 'access to Kubernetes clusters' },
  '.ssh': { kind: 'credential-store', what: 'settings of SSH' },
  '.gnupg': { kind: 'credential-store', what: 'a keyring' },
};

/** With `text`, only when the content says so too; such files are kept by the layer reader. */
const files: readonly (Unwanted & { readonly name: RegExp; readonly text?: RegExp })[] = [
  { name: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/, kind: 'credentials', what: 'an SSH key' },
  { name: /(?:^|\/)\.aws\/credentials$/, kind: 'credentials', what: 'AWS keys' },
  { name: /(?:^|\/)\.git-credentials$/, kind: 'credentials', what: 'passwords of git' },
  { name: /(?:^|\/)\.pgpass$/, kind: 'credentials', what: 'passwords of PostgreSQL' },
  { name: /(?:^|\/)\.docker\/config\.json$/, kind: 'credentials', what: 'logins of registries' },
  { name: /(?:^|\/)\.dockerconfigjson$/, kind: 'credentials', what: 'logins of registries' },
  { name: /(?:^|\/)\.kube\/config$/, kind: 'credentials', what: 'access to Kubernetes clusters' },
  { name: /(?:^|\/)\.netrc$/, text: /\bpassword\s/, kind: 'credentials', what: 'logins of hosts' },
  {
    name: /(?:^|\/)\.pypirc$/,
    text: /^\s*password\s*[:=]/m,
    kind: 'credentials',
    what: 'a login of PyPI',
  },
  {
    name: /(?:^|\/)\.npmrc$/,
    text: /_(?:authToken|auth|password)\s*=\s*[^\s$]/,
    kind: 'credentials',
    what: 'a login of an npm registry',
  },
  {
    name: /(?:^|\/)\.(?:mysql|psql|irb|python|node_repl)_history$/,
    kind: 'development',
    what: 'what was typed in a program',
  },
  {
    name: /(?:^|\/)terraform\.tfstate(?:\.backup)?$/,
    kind: 'credential-store',
    what: 'the state of Terraform',
  },
  {
    name: /(?:^|\/)\.(?:s3cfg|boto|git-credential-store)$/,
    kind: 'credential-store',
    what: 'access to a service',
  },
  { name: /(?:^|\/)\.htpasswd$/, kind: 'credential-store', what: 'password hashes' },
  {
    name: /\.(?:p12|pfx|kdbx|kdb|jks|keystore|keychain|agilekeychain|ovpn|psafe3)$/,
    kind: 'credential-store',
    what: 'a key store',
  },
  {
    name: /(?:^|\/)\.env(?:\.(?:local|production|staging|development))?$/,
    kind: 'credential-store',
    what: 'settings of an environment',
  },
  {
    name: /(?:^|\/)\.(?:ba|z|a)?sh_history$/,
    kind: 'development',
    what: 'what was typed in a shell',
  },
  {
    name: /(?:^|\/)(?:docker-)?compose(?:\.\w+)?\.ya?ml$/,
    kind: 'development',
    what: 'a Compose file',
  },
  {
    name: /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.\w+)?$/,
    kind: 'development',
    what: 'the recipe of an image',
  },
  { name: /(?:^|\/)\.DS_Store$/, kind: 'development', what: 'data of a desktop' },
];

/** All of them at once, since most files are none. */
const anyName = new RegExp(files.map(({ name }) => name.source).join('|'));

function kindOf(image: Image, { path, entry, layer, index }: FileNode): Unwanted | undefined {
  if (entry.type === 'directory') {
    const name = posix.basename(path);
    return Object.hasOwn(folders, name) ? folders[name] : undefined;
  }
  if (entry.type !== 'file' || entry.size === 0 || !anyName.test(path)) return undefined;
  return files.find(
    (file) =>
      file.name.test(path) &&
      (file.text === undefined || file.text.test(image.layers[layer]?.texts.get(index) ?? '')),
  );
}
