import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { sampleCertificate } from '../../secret/certificate-sample.ts';
import { checksummedToken, examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

const token = checksummedToken('ghp_');
const settings = { path: 'app/.env', content: `A=1\nTOKEN=${token}\n` };

async function messages(...image: Parameters<typeof imageOf>): Promise<string[]> {
  const { findings } = await examine(check, await imageOf(...image));
  expect(JSON.stringify(findings)).not.toContain(token.slice(4, 20));
  expect(JSON.stringify(findings)).not.toContain('hunter2');
  return findings.map(({ message }) => message);
}

const holds = 'holds a GitHub token: ghp_…';

it('finds a secret that is there, deleted or overwritten', async () => {
  const gone = 'and still in the image';
  expect(await messages({}, [[settings]])).toEqual([`/app/.env ${holds}`]);
  expect(await messages({}, [[settings], [{ path: 'app/.wh..env' }]])).toEqual([
    `/app/.env (deleted by layer 2, ${gone}) ${holds}`,
  ]);
  expect(await messages({}, [[settings], [{ path: 'app/.wh..wh..opq' }]])).toEqual([
    `/app/.env (deleted by layer 2, ${gone}) ${holds}`,
  ]);
  expect(await messages({}, [[settings], [{ path: 'app/.env', content: 'A=2' }]])).toEqual([
    `/app/.env (overwritten by layer 2, ${gone}) ${holds}`,
  ]);
});

it('reports once what a later layer only repeats', async () => {
  expect(await messages({}, [[settings], [{ ...settings, mode: '0600' }]])).toEqual([
    `/app/.env ${holds}`,
  ]);
});

it('says where in the layer the secret stands', async () => {
  const image = await imageOf({}, [[], [settings]]);
  const { findings } = await examine(check, image);
  const origin = { layer: 2, owner: 'unknown', by: 'nothing' };
  expect(findings.map(({ location }) => location)).toEqual([
    { path: '/app/.env', layer: image.layers[1]?.digest, line: 2, column: 7, origin },
  ]);
});

it('says of a key that the layer has its certificate beside it', async () => {
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const files = {
    key: { path: 'app/tls/a.key', content: String(key.export({ format: 'pem', type: 'pkcs8' })) },
    certificate: { path: 'app/tls/a.crt', content: sampleCertificate(key, 'shop.example') },
  };
  const about = '(subject CN=shop.example, expires 2049-12-31)';
  const pair = `that pairs with the certificate a.crt beside it ${about}: `;
  expect(await messages({}, [[files.certificate, files.key]])).toEqual([
    expect.stringContaining(pair),
  ]);
  expect(await messages({}, [[files.certificate], [files.key]])).toEqual([
    expect.not.stringContaining('pairs'),
  ]);
});

it('finds secrets in binary files, also across chunks of a large one', async () => {
  const content = `\0${'x'.repeat(300_000)} ${token} ${'y'.repeat(300_000)}`;
  expect(await messages({}, [[{ path: 'app/data', content }]])).toEqual([`/app/data ${holds}`]);
});

it.each([
  [{ Env: [`GH=${token}`] }, 'config.Env[0] (GH)'],
  [{ Labels: { a: token } }, 'config.Labels.a'],
  [{ Entrypoint: ['run', token] }, 'config.Entrypoint[1]'],
  [{ Cmd: ['run', `--token=${token}`] }, 'config.Cmd[1]'],
  [{ Healthcheck: { Test: ['CMD', 'get', token] } }, 'config.Healthcheck.Test[2]'],
  [{ OnBuild: [`RUN get ${token}`] }, 'config.OnBuild[0]'],
])('finds a token in %j', async (config, place) => {
  expect(await messages(config)).toEqual([`${place} ${holds}`]);
});

it('finds a token in the history, unless the environment showed it already', async () => {
  const history = [{ created_by: 'x' }, { created_by: `RUN |1 T=${token} /bin/sh -c make` }];
  const found = `history[1].created_by ${holds}`;
  expect(await messages({}, [], { history })).toEqual([found]);
  expect(await messages({ Env: [`T=${token}`] }, [], { history })).toHaveLength(1);
});

it('finds variables whose name says secret, in the environment and in build steps', async () => {
  const history = [{ created_by: 'RUN |1 API_KEY=hunter2-b /bin/sh -c make' }];
  const says = 'to a literal value, and the name says it is a secret';
  expect(await messages({ Env: ['DB_PASSWORD=hunter2-a'] }, [], { history })).toEqual([
    `config.Env[0] (DB_PASSWORD) sets DB_PASSWORD ${says}`,
    `history[0].created_by sets API_KEY ${says}`,
  ]);
});

it('leaves ordinary variables alone', async () => {
  const Env = [
    'PATH=/usr/bin',
    'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
    'DB_PASSWORD_FILE=/run/secrets/db',
    'TOKEN_TTL=3600',
    'TOKENIZERS_PARALLELISM=false',
    'SECRET_NAME=shop-db',
    'API_KEY=',
    `API_TOKEN=\${API_TOKEN}`,
    'PASSWORD=changeme',
  ];
  expect(await messages({ Env })).toEqual([]);
});
