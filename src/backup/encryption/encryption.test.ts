import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DamagedContent } from '../damaged.ts';
import { bech32, readBech32 } from './bech32.ts';
import { headerOf, readHeader } from './header.ts';
import { readIdentities } from './identity-file.ts';
import { decrypting, encrypting } from './payload.ts';
import { sealingOf } from './sealing.ts';
import { type Identity, readIdentity, readRecipient } from './x25519.ts';

const chunk = 64 * 1024;
const newText = () => bech32({ kind: 'age-secret-key-', bytes: randomBytes(32) }).toUpperCase();
const identityOf = (text: string): Identity => {
  const identity = readIdentity(text);
  if (!identity) throw new Error('no identity');
  return identity;
};
const identity = identityOf(newText());
const other = identityOf(newText());

const encrypt = async (content: Uint8Array, to = [identity.recipient], pieces = 1000) =>
  Buffer.concat(await Readable.from(cut(content, pieces)).pipe(encrypting(to)).toArray());

/** The chunks of a source are of no size in particular. */
function* cut(content: Uint8Array, size: number): Generator<Buffer> {
  for (let at = 0; at < content.length; at += size) {
    yield Buffer.from(content.subarray(at, at + size));
  }
}

const notOurs = () => new Error('not ours');
async function decrypt(content: Uint8Array, keys = [identity], pieces = 70_000): Promise<Buffer> {
  const passed: Buffer[] = [];
  const source = Readable.from(cut(content, pieces));
  for await (const piece of source.pipe(decrypting(keys, notOurs))) passed.push(piece);
  return Buffer.concat(passed);
}

describe('an encrypted file', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5])(
    'of %i bytes comes back as it was',
    async (size) => {
      const content = randomBytes(size);
      for (const pieces of [997, chunk, 10 * chunk]) {
        const stored = await encrypt(content, [identity.recipient], pieces);
        expect((await decrypt(stored, [identity], pieces)).equals(content)).toBe(true);
      }
    },
  );

  it('is opened by each of its recipients, and by nobody else', async () => {
    const stored = await encrypt(Buffer.from('both'), [identity.recipient, other.recipient]);
    for (const key of [identity, other]) {
      expect((await decrypt(stored, [key])).toString()).toBe('both');
    }
    const own = await encrypt(Buffer.from('own'));
    await expect(decrypt(own, [other])).rejects.toThrow('not ours');
    expect((await decrypt(own, [other, identity])).toString()).toBe('own');
  });

  it('never is the same twice', async () => {
    const [first, second] = [await encrypt(Buffer.from('x')), await encrypt(Buffer.from('x'))];
    expect(first.equals(second)).toBe(false);
    expect(first.length).toBe(second.length);
  });

  it('gives nothing of a file that is not for these keys', async () => {
    const stored = await encrypt(randomBytes(5 * chunk));
    const passed: Buffer[] = [];
    const stream = Readable.from(cut(stored, 1000)).pipe(decrypting([other], notOurs));
    stream.on('data', (piece: Buffer) => passed.push(piece));
    await expect(new Promise((_, fail) => stream.once('error', fail))).rejects.toThrow('not ours');
    expect(passed).toEqual([]);
  });

  it('is found changed at every byte of its header and its first chunk', async () => {
    const stored = await encrypt(Buffer.from('some content'));
    for (const at of stored.keys()) {
      const copy = Buffer.from(stored);
      copy[at] = (copy[at] ?? 0) ^ 1;
      await expect(decrypt(copy), String(at)).rejects.toThrow();
    }
  });

  it('is found cut at the end of every chunk, and anywhere else', async () => {
    const content = randomBytes(3 * chunk);
    const stored = await encrypt(content);
    const header = readHeader(stored);
    if (!header || header === 'no-header') throw new Error('no header');
    const begin = header.length + 16;
    const ends = [0, 1, 2].map((count) => begin + count * (chunk + 16));
    for (const end of [...ends, begin + 5, begin - 1, header.length, 3, stored.length - 1]) {
      await expect(decrypt(stored.subarray(0, end)), String(end)).rejects.toThrow(DamagedContent);
    }
    // A chunk in the place of another, one twice, and one more after the last.
    const pieces = [...cut(stored.subarray(begin), chunk + 16)];
    const [a, b, c] = pieces;
    if (!a || !b || !c) throw new Error('no chunks');
    for (const wrong of [
      [b, a, c],
      [a, a, b, c],
      [a, c],
      [a, b, c, c],
    ]) {
      const copy = Buffer.concat([stored.subarray(0, begin), ...wrong]);
      await expect(decrypt(copy)).rejects.toThrow(DamagedContent);
    }
  });

  it('may have recipients of other kinds, which are passed over', () => {
    const text = headerOf(randomBytes(16), [identity.recipient]).toString('latin1');
    const more = text.replace('\n-> X25519', '\n-> other-kind a b\nAAAA\n-> X25519');
    expect(readHeader(Buffer.from(more))).toMatchObject({ wrapped: [{}] });
    expect(readHeader(Buffer.from(text.replace('X25519 ', 'X25519 x ')))).toBe('no-header');
    expect(readHeader(Buffer.from(text.slice(0, 50)))).toBeUndefined();
    expect(readHeader(Buffer.from('other'))).toBe('no-header');
    expect(readHeader(Buffer.from(`${text.slice(0, 22)}${'x'.repeat(70_000)}`))).toBe('no-header');
  });
});

describe('a key', () => {
  it('is read as BIP 173 writes it', () => {
    expect(bech32({ kind: 'a', bytes: new Uint8Array() })).toBe('a12uel5l');
    expect(readBech32('A12UEL5L')).toEqual({ kind: 'a', bytes: Buffer.alloc(0) });
    for (const wrong of ['a12uel5m', 'A12uel5l', '12uel5l', 'a1b', 'a12uel5', '']) {
      expect(readBech32(wrong), wrong).toBeUndefined();
    }
    const bytes = randomBytes(32);
    expect(readBech32(bech32({ kind: 'age', bytes }))?.bytes.equals(bytes)).toBe(true);
  });

  it('is refused when a letter of it is another', () => {
    const { text } = identity.recipient;
    expect(readRecipient(text)?.text).toBe(text);
    const last = text.endsWith('q') ? 'p' : 'q';
    expect(readRecipient(`${text.slice(0, -1)}${last}`)).toBeUndefined();
    expect(readRecipient(text.toUpperCase())).toBeUndefined();
    expect(readIdentity(text)).toBeUndefined();
  });
});

describe('files of keys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const identities = async (text: string) => {
    const file = join(folder, 'key.txt');
    await writeFile(file, text);
    return readIdentities(file);
  };

  it('may have comments and several identities', async () => {
    const texts = [newText(), newText()];
    const { keys } = await identities(
      `# created: now\n# public key: age1…\n${texts.join('\r\n')}\n\n`,
    );
    expect(keys).toHaveLength(2);
  });

  it.each([
    ['', 'it holds no identity'],
    ['# nothing\n', 'it holds no identity'],
    ['age-encryption.org/v1\n-> scrypt x 18\n', 'it is encrypted itself'],
    ['-----BEGIN AGE ENCRYPTED FILE-----\n', 'it is encrypted itself'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\n', 'it is a key of another program'],
    ['ssh-ed25519 AAAA\n', 'it is a public SSH key'],
    [identity.recipient.text, 'it holds a public key'],
    ['AGE-PLUGIN-YUBIKEY-1Q\n', 'identities of plugins are not supported'],
    ['AGE-SECRET-KEY-PQ-1Q\n', 'post-quantum identities are not supported'],
    ['# a\nsome secret\n', 'line 2 is no identity of age'],
  ])('are refused with what they are instead: %j', async (text, why) => {
    const refused = identities(text);
    await expect(refused).rejects.toMatchObject({
      code: 'identity-unusable',
      message: expect.stringContaining(why),
    });
    await expect(refused).rejects.not.toThrow('some secret');
  });

  it('are refused when they are not there', async () => {
    await expect(readIdentities(join(folder, 'none'))).rejects.toMatchObject({
      code: 'identity-unusable',
      message: expect.stringContaining('no such file'),
    });
    await expect(readIdentities(folder)).rejects.toMatchObject({ code: 'identity-unusable' });
  });

  it('of names are made once, and give the same names again', async () => {
    const home = join(folder, 'home');
    const recipients = [identity.recipient.text];
    const made = await Promise.all(
      [1, 2, 3].map(() => sealingOf({ recipients, nameKey: undefined }, home)),
    );
    const [first] = made.map(({ folderOf }) => folderOf('a'.repeat(64)));
    expect(made.map(({ folderOf }) => folderOf('a'.repeat(64)))).toEqual([first, first, first]);
    expect(first).toMatch(/^objects\/([0-9a-f]{2})\/\1[0-9a-f]{62}\/$/);
    expect(await readFile(join(home, 'object-names.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);

    const nameKey = 'k'.repeat(32);
    const folderOf = async (to: string[], key = nameKey) =>
      (await sealingOf({ recipients: to, nameKey: key }, home)).folderOf('a'.repeat(64));
    const names = [
      first,
      await folderOf(recipients),
      await folderOf(recipients, 'l'.repeat(32)),
      await folderOf([...recipients, other.recipient.text]),
    ];
    expect(new Set(names).size).toBe(4);
    expect(await folderOf([other.recipient.text, ...recipients])).toBe(names[3]);
  });

  it('are refused where they are no recipients, without showing a private one', async () => {
    const secret = newText();
    for (const [recipient, shown] of [
      ['age1', "'age1'"],
      [secret, 'a private key'],
    ] as const) {
      const refused = sealingOf({ recipients: [recipient], nameKey: undefined }, folder);
      await expect(refused).rejects.toMatchObject({
        code: 'config-invalid',
        message: expect.stringContaining(`recipients: ${shown} is no X25519 recipient`),
      });
      await expect(refused).rejects.not.toThrow(secret);
    }
    const short = sealingOf({ recipients: [identity.recipient.text], nameKey: 'short' }, folder);
    await expect(short).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
