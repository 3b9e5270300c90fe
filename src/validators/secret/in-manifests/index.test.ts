import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ManifestSet } from '../../manifest/load.ts';
import { sampleCertificate } from '../certificate-sample.ts';
import { targetOfExample } from '../examples.ts';
import { checksummedToken, examine } from '../testing.ts';
import { check } from './index.ts';

const token = checksummedToken('ghp_');

async function setOf(text: string): Promise<ManifestSet> {
  const target = await targetOfExample({ language: 'yaml', text, findings: [] });
  return target.kind === 'manifestSet' ? target : expect.unreachable();
}

async function seen(text: string): Promise<string[]> {
  const { findings } = await examine(check, await setOf(text));
  expect(JSON.stringify(findings)).not.toContain(token.slice(4, 16));
  expect(JSON.stringify(findings)).not.toContain('hunter2');
  return findings.map(
    ({ severity, messageId, location: { line, column, path } }) =>
      `${severity} ${messageId} ${line}:${column} ${path}`,
  );
}

it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
  const example = check.meta[kind];
  const { findings, outcomes } = await examine(check, await setOf(example.text));
  expect(
    findings.map(({ messageId, location: { line, column } }) => ({ messageId, line, column })),
  ).toEqual(example.findings);
  expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
});

const object = (kind: string, rest: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: a\n${rest}`;

describe('a token', () => {
  it.each([
    ['a ConfigMap', object('ConfigMap', `data:\n  a: "x ${token}"\n`), '6:6 data.a'],
    [
      'an annotation',
      object('Service', `  annotations:\n    a: ${token}\n`),
      '6:8 metadata.annotations.a',
    ],
    [
      'an argument',
      object('Pod', `spec:\n  containers:\n    - name: a\n      args: [--token, ${token}]\n`),
      '8:23 spec.containers[0].args[1]',
    ],
  ])('is found in %s', async (_, text, place) => {
    expect(await seen(text)).toEqual([`error secret ${place}`]);
  });

  it('is found in a Secret, encoded or not', async () => {
    const encoded = Buffer.from(token).toString('base64');
    expect(await seen(object('Secret', `data:\n  a: ${encoded}\n`))).toEqual([
      'warning secret-object 5:1 data',
      'error secret 6:6 data.a',
    ]);
    expect(await seen(object('Secret', `stringData:\n  a: ${token}\n`))).toEqual([
      'warning secret-object 5:1 stringData',
      'error secret 6:6 stringData.a',
    ]);
  });
});

it('says of the key in a Secret which certificate of the Secret it belongs to', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const certificate = sampleCertificate(privateKey, 'shop.example');
  const data = [key, certificate].map((text) => Buffer.from(text).toString('base64'));
  const text = object('Secret', `data:\n  tls.key: ${data[0]}\n  tls.crt: ${data[1]}\n`);
  const { findings } = await examine(check, await setOf(text));
  expect(findings.map(({ message }) => message)).toContainEqual(
    expect.stringContaining(
      "a private key that pairs with the certificate in data['tls.crt'] (subject CN=shop.example, expires 2049-12-31)",
    ),
  );
});

const variable = (name: string, value: string) =>
  object(
    'Pod',
    `spec:\n  containers:\n    - env:\n        - name: ${name}\n          value: ${value}\n`,
  );

describe('a variable', () => {
  it.each([
    'DB_PASSWORD',
    'dbPassword',
    'PGPASSWORD',
    'API_KEY',
    'STRIPE_APIKEY',
    'jwt-secret',
    'AWS_SECRET_ACCESS_KEY',
  ])('is a secret by its name %s', async (name) => {
    expect(await seen(variable(name, 'hunter2-x'))).toEqual([
      'error literal-by-name 9:18 spec.containers[0].env[0].value',
    ]);
  });

  it.each([
    ['DB_PASSWORD_FILE', '/run/secrets/db'],
    ['DB_PASSWORD', '/run/secrets/db'],
    ['DB_PASSWORD', '$(OTHER)'],
    ['DB_PASSWORD', `"\${DB_PASSWORD}"`],
    ['DB_PASSWORD', '"{{ .Values.password }}"'],
    ['DB_PASSWORD', 'changeme'],
    ['DB_PASSWORD', '""'],
    ['SECRET_NAME', 'shop-db'],
    ['TOKEN_URL', 'https://login.shop.svc/token'],
    ['JWT_PUBLIC_KEY', 'abc'],
    ['MAX_TOKENS', '4096'],
    ['PASSWORD_MIN_LENGTH', '"12"'],
    ['MONKEY', 'banana'],
    ['TOKEN_TTL', '90d'],
    ['ACCESS_TOKEN_LIFESPAN', '"86400"'],
    ['KEY_PATH', 'keys/a.pem'],
    ['PASSWORD_FILE', 'db-password'],
    ['SECRET_NAMESPACE', 'shop'],
    ['TOKEN_CLAIM', 'groups'],
    ['IMAGE_PULL_SECRET', 'regcred'],
    ['EXISTING_SECRET', 'shop-db'],
    ['DB_PASSWORD', 'vault:secret/shop#password'],
  ])('%s with the value %s is none', async (name, value) => {
    expect(await seen(variable(name, value))).toEqual([]);
  });
});

it('takes no name of a Secret of the set for a secret', async () => {
  const sealed =
    'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: shop-jwt}\n';
  expect(await seen(`${sealed}---\n${variable('JWT_SECRET', 'shop-jwt')}`)).toEqual([]);
  expect(await seen(variable('JWT_SECRET', 'shop-jwt'))).toHaveLength(1);
});

describe('a file in a ConfigMap', () => {
  const file = (name: string, ...lines: string[]) =>
    object('ConfigMap', `data:\n  ${name}: |\n${lines.map((line) => `    ${line}\n`).join('')}`);

  it.each([
    ['app.properties', 'spring.datasource.password=hunter2-x'],
    ['app.yaml', 'db: {}', '  password: "hunter2-x"'],
    ['app.json', '{', '"apiKey": "hunter2-x",', '}'],
    ['.env', 'export DB_PASSWORD=hunter2-x'],
    ['app.ini', 'password = hunter2-x ; of the shop'],
  ])('with a literal is found: %s', async (name, ...lines) => {
    expect(await seen(file(name, ...lines))).toEqual([
      `error literal-in-file 6:${name.length + 5} data['${name}']`,
    ]);
  });

  it.each([
    ['app.properties', '# password=hunter2-x', `password=\${DB_PASSWORD}`, 'password='],
    ['app.yaml', 'password: {{ .db }}', 'secret: {name: shop}', 'token: |', '  a', 'key: password'],
    [
      'app.yaml',
      'passwordFile: /run/secrets/db',
      'secretName: shop',
      'password: null',
      'token: *a',
    ],
    ['app.json', '"password": "$(DB_PASSWORD)",', '"token": null,', '"secret": {'],
    ['start.sh', 'PASSWORD=$(cat /run/secrets/db)', 'token=hunter2-x'],
    ['token.html', 'password: hunter2-x', 'second line'],
    ['password-policy', 'length: 12', 'digits: 2'],
  ])('without one is none: %s', async (name, ...lines) => {
    expect(await seen(file(name, ...lines))).toEqual([]);
  });

  it('is decoded where it is binary', async () => {
    const encoded = Buffer.from(token).toString('base64');
    expect(await seen(object('ConfigMap', `binaryData:\n  a: ${encoded}\n`))).toEqual([
      'error secret 6:6 binaryData.a',
    ]);
  });
});

it('names the object and stays the same finding when lines move', async () => {
  const text = object('ConfigMap', `data:\n  a: ${token}\n`);
  const one = (await examine(check, await setOf(text))).findings[0];
  const two = (await examine(check, await setOf(`# comment\n${text}`))).findings[0];
  expect(one?.object).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', namespace: null, name: 'a' });
  expect(two?.fingerprint).toBe(one?.fingerprint);
  expect(one?.message).toContain('ConfigMap a, data.a, holds a GitHub token: ghp_…');
});
