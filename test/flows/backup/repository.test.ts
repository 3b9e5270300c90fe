import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderRepository } from '../../../src/backup/repository/folder.ts';
import {
  objectKey,
  type Repository,
  readWhole,
} from '../../../src/backup/repository/repository.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import { sha256Hex } from '../../../src/core/digest.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { canMount, smallFilesystem } from '../../systems/small-filesystem.ts';
import { adaptersWith, awsOf, never } from './support.ts';

const bed = await systems('minio', 'versitygw');

interface Place extends AsyncDisposable {
  readonly repository: Repository;
}

async function folder(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-repository-'));
  return {
    repository: folderRepository(join(root, 'not', 'there yet')),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

const bucketOf = (variable: string) => async (): Promise<Place> => {
  const url = bed?.(variable) ?? '';
  const bucket = await createBucket(url, 'repository');
  const env = awsOf(url);
  const ref = { url: `s3:${env.AWS_ENDPOINT_URL}/${bucket.name}/some/prefix` };
  const repository = await openRepository(ref, { adapters: adaptersWith(env), env });
  return {
    repository,
    async [Symbol.asyncDispose]() {
      repository.close();
      await bucket[Symbol.asyncDispose]();
    },
  };
};

const places = [
  { name: 'a folder', open: folder, there: true },
  { name: 'a bucket of MinIO', open: bucketOf('DEPLOYCHECK_TEST_S3'), there: bed !== undefined },
  {
    name: 'a bucket of versitygw',
    open: bucketOf('DEPLOYCHECK_TEST_S3_SECOND'),
    there: bed !== undefined,
  },
];

const owner = { owner: 'somebody' };
const text = (content: string) => Readable.from([Buffer.from(content)]);
/** More than S3 takes in one piece, and than is kept in memory. */
const large = Buffer.alloc(18 * 1024 * 1024, 'large ');

for (const { name, open, there } of places) {
  describe.skipIf(!there)(`the repository in ${name}`, () => {
    let place: Place;
    let repository: Repository;
    beforeAll(async () => {
      place = await open();
      repository = place.repository;
    });
    afterAll(() => place[Symbol.asyncDispose]());
    const read = async (key: string) => (await readWhole(repository, key, never))?.toString();
    const names = async (prefix: string) => {
      const found: string[] = [];
      for await (const { key } of repository.list(prefix, never)) found.push(key);
      return found.sort();
    };

    it('can be written, and says so without leaving anything', async () => {
      const { freeBytes } = await repository.check(never);
      expect(freeBytes === null || freeBytes > 0).toBe(true);
      expect(await names('sets/')).toEqual([]);
    });

    it('gives back what was put, and its extent', async () => {
      const stored = await repository.put('sets/a/one', text('content'), owner, never);
      expect(stored).toEqual({ outcome: 'stored', size: 7, sha256: sha256Hex('content') });
      expect(await read('sets/a/one')).toBe('content');
      expect(await repository.stat('sets/a/one', never)).toEqual({ key: 'sets/a/one', size: 7 });
      expect(await repository.put('sets/a/empty', text(''), owner, never)).toMatchObject({
        size: 0,
      });
      expect(await read('sets/a/empty')).toBe('');
    });

    it('says what is not there', async () => {
      expect(await read('sets/a/none')).toBeUndefined();
      expect(await repository.stat('sets/a/none', never)).toBeUndefined();
      expect(await names('sets/none/')).toEqual([]);
      await repository.remove('sets/a/none', never);
    });

    it('never overwrites', async () => {
      await repository.put('sets/b/one', text('first'), owner, never);
      const again = await repository.put('sets/b/one', text('second'), owner, never);
      expect(again.outcome).toBe('exists');
      expect(await read('sets/b/one')).toBe('first');
      const race = await Promise.all(
        ['x', 'y', 'z'].map((content) =>
          repository.put('sets/b/race', text(content), owner, never),
        ),
      );
      expect(race.map(({ outcome }) => outcome).sort()).toEqual(['exists', 'exists', 'stored']);
    });

    it('shares content under its digest, and announces it first', async () => {
      const announced: string[] = [];
      const options = { ...owner, announce: async (key: string) => void announced.push(key) };
      const stored = await repository.putAddressed(Readable.from([large]), options, never);
      const key = objectKey(sha256Hex(large));
      expect(stored).toEqual({
        outcome: 'stored',
        key,
        size: large.length,
        sha256: sha256Hex(large),
      });
      const again = await repository.putAddressed(Readable.from([large]), options, never);
      expect([again.outcome, announced]).toEqual(['exists', [key]]);
      expect(sha256Hex((await readWhole(repository, key, never)) ?? '')).toBe(sha256Hex(large));
    });

    it('takes equal contents that come at once', async () => {
      const announced: string[] = [];
      const options = { ...owner, announce: async (key: string) => void announced.push(key) };
      const stored = await Promise.all(
        [1, 2, 3, 4].map(() => repository.putAddressed(text('equal'), options, never)),
      );
      expect(stored.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
      expect(await read(objectKey(sha256Hex('equal')))).toBe('equal');
    });

    it('takes small contents whole, each once, however many come at once', async () => {
      const announced: string[] = [];
      const options = { ...owner, announce: async (key: string) => void announced.push(key) };
      const contents = Array.from({ length: 200 }, (_, number) => `small ${number % 150}`);
      const stored = await Promise.all(
        contents.map((content) => repository.putAddressed(Buffer.from(content), options, never)),
      );
      await repository.settle(never);
      const keys = contents.map((content) => objectKey(sha256Hex(content)));
      expect(stored.map(({ key }) => key)).toEqual(keys);
      expect(stored.filter(({ outcome }) => outcome === 'stored')).toHaveLength(150);
      expect(announced.toSorted()).toEqual([...new Set(keys)].sort());
      for (const content of contents) {
        expect(await read(objectKey(sha256Hex(content)))).toBe(content);
      }
      const empty = await repository.putAddressed(Buffer.alloc(0), options, never);
      expect(await repository.stat(empty.key, never)).toEqual({ key: empty.key, size: 0 });
    });

    it('stores no small content that could not be announced', async () => {
      const announce = async () => {
        throw new Error('the journal is full');
      };
      const putting = repository.putAddressed(
        Buffer.from('unheard of'),
        { ...owner, announce },
        never,
      );
      await expect(putting).rejects.toThrow('the journal is full');
      expect(await repository.stat(objectKey(sha256Hex('unheard of')), never)).toBeUndefined();
    });

    it('keeps one of the contents of a folder, which has a name of its own', async () => {
      const announced: string[] = [];
      const folder = () => 'objects/ab/secret/';
      const options = {
        ...owner,
        folder,
        announce: async (key: string) => void announced.push(key),
      };
      const put = (content: string) => repository.putAddressed(text(content), options, never);
      const stored = await Promise.all(['first', 'other', 'third'].map(put));
      const [first] = stored.filter(({ outcome }) => outcome === 'stored');
      const key = `objects/ab/secret/${first?.sha256}`;
      expect(await names('objects/ab/secret/')).toEqual([key]);
      expect(announced).toEqual([key]);
      expect(stored.map((entry) => [entry.key, entry.sha256])).toEqual(
        stored.map(() => [key, first?.sha256]),
      );
      const outcomes = stored.map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual(['exists', 'exists', 'stored']);
      // One of another size is not whole, and does not stand for it.
      expect(await put('longer than that')).toMatchObject({ outcome: 'stored', size: 16 });
    });

    it('stores nothing of a source that breaks, and throws its error', async () => {
      const broken = async function* () {
        yield large;
        throw new Error('torn');
      };
      await expect(repository.put('sets/c/one', broken(), owner, never)).rejects.toThrow('torn');
      expect(await names('sets/c/')).toEqual([]);
      await repository.discard('somebody', never);
    });

    it('stores nothing when it is aborted', async () => {
      const controller = new AbortController();
      const slow = async function* () {
        yield large;
        controller.abort(new Error('enough'));
        yield large;
      };
      const putting = repository.put('sets/d/one', slow(), owner, controller.signal);
      await expect(putting).rejects.toThrow('enough');
      expect(await names('sets/d/')).toEqual([]);
    });

    it('lists below a folder, and forgets what is removed', async () => {
      for (const key of ['sets/e/2', 'sets/e/1', 'sets/e/sub/3', 'sets/ef/4']) {
        await repository.put(key, text(key), owner, never);
      }
      expect(await names('sets/e/')).toEqual(['sets/e/1', 'sets/e/2', 'sets/e/sub/3']);
      await repository.remove('sets/e/sub/3', never);
      expect(await names('sets/e/')).toEqual(['sets/e/1', 'sets/e/2']);
    });

    it('knows no names that lead elsewhere', async () => {
      for (const key of ['../x', '/etc/passwd', 'sets/../../x', 'a//b']) {
        await expect(repository.get(key, never)).rejects.toMatchObject({
          code: 'repository-unreadable',
        });
      }
    });
  });
}

describe('the repository in a folder', () => {
  it('says what keeps small contents from being written, and leaves nothing of them', async () => {
    const root = await mkdtemp(join(tmpdir(), 'deploycheck-repository-'));
    try {
      const repository = folderRepository(root);
      const key = objectKey(sha256Hex('content'));
      // What is to be a folder is a file: the same to everybody, root included.
      await mkdir(join(root, 'objects'), { recursive: true });
      await writeFile(join(root, dirname(key)), '');
      const announce = async () => undefined;
      const put = () =>
        repository.putAddressed(Buffer.from('content'), { ...owner, announce }, never);
      await expect(put()).rejects.toMatchObject({ code: 'repository-unwritable' });
      await rm(join(root, dirname(key)));
      expect(await put()).toMatchObject({ outcome: 'stored', key });
      expect(await readdir(join(root, 'partial'))).toEqual([]);
      repository.close();
      // Whoever closed it may go on: clean-up does.
      expect(await repository.stat(key, never)).toEqual({ key, size: 7 });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('does not follow links, nor wait for what is no file', async () => {
    const root = await mkdtemp(join(tmpdir(), 'deploycheck-repository-'));
    try {
      const repository = folderRepository(root);
      await repository.put('sets/a/real', text('x'), owner, never);
      await symlink('/etc/hostname', join(root, 'sets/a/link'));
      expect(await repository.get('sets/a/link', never)).toBeUndefined();
      expect(await repository.get('sets/a', never)).toBeUndefined();
      // It is listed all the same: verify has to say that it is no part of the set.
      const keys: string[] = [];
      for await (const { key } of repository.list('sets/a/', never)) keys.push(key);
      expect(keys).toEqual(['sets/a/link', 'sets/a/real']);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it.skipIf(!canMount())('says why it cannot be written, and keeps what is there', async () => {
    await using disk = await smallFilesystem('size=512k');
    const repository = folderRepository(disk.folder);
    await repository.put('sets/a/one', text('kept'), owner, never);
    const putting = repository.put('sets/a/two', Readable.from([large]), owner, never);
    await expect(putting).rejects.toMatchObject({
      code: 'repository-unwritable',
      message: expect.stringContaining('no space left'),
    });
    expect(await readdir(join(disk.folder, 'partial'))).toEqual([]);
    expect((await readWhole(repository, 'sets/a/one', never))?.toString()).toBe('kept');
    await using readOnly = await smallFilesystem('ro');
    await expect(folderRepository(readOnly.folder).check(never)).rejects.toMatchObject({
      code: 'repository-unwritable',
      message: expect.stringContaining('read-only'),
    });
  });

  it('says that a file is in its place', async () => {
    const root = await mkdtemp(join(tmpdir(), 'deploycheck-repository-'));
    try {
      await writeFile(join(root, 'file'), '');
      const repository = folderRepository(join(root, 'file'));
      await expect(repository.check(never)).rejects.toMatchObject({
        code: 'repository-unwritable',
      });
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
