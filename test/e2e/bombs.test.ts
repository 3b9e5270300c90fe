import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { writeTar } from '../../src/validators/image/recipe.ts';
import { blobPath, writeIndex, writeJson } from '../../src/validators/image/testing.ts';
import { boundedRun } from './bounded-run.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-bombs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A layout of one packed layer, of which only the packed bytes are there. */
async function layoutOf(name: string, packed: Buffer, diffId: string): Promise<void> {
  const root = join(folder, name);
  const digest = sha256(packed);
  await mkdir(join(root, 'blobs/sha256'), { recursive: true });
  await writeFile(blobPath(root, digest), packed);
  const config = await writeJson(root, 'application/vnd.oci.image.config.v1+json', {
    ...{ architecture: 'amd64', os: 'linux', config: {} },
    rootfs: { type: 'layers', diff_ids: [diffId] },
  });
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const manifest = await writeJson(root, 'application/vnd.oci.image.manifest.v1+json', {
    ...{ schemaVersion: 2, config },
    layers: [{ mediaType, digest, size: packed.length }],
  });
  await writeIndex(root, [manifest]);
}

/** The header of a file in an archive, of a size that nobody has to make. */
function headerOf(path: string, size: number): Buffer {
  const block = writeTar([{ path }]).subarray(0, 512);
  block.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
  block.write(' '.repeat(8), 148, 'latin1');
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const zeros = Buffer.alloc(64 * mebibyte);
/** Two files of 5 GiB: more than that does not fit into the field of the classic header. */
const each = 5 * gibibyte;
const pieces = ['a', 'b'].flatMap((path) => [
  headerOf(path, each),
  ...Array.from({ length: each / zeros.length }, () => zeros),
]);

/** Every piece is packed once, however often it comes. */
function packedBy(pack: (piece: Buffer) => Buffer): Buffer {
  const known = new Map<Buffer, Buffer>();
  return Buffer.concat(
    pieces.map((piece) => {
      const packed = known.get(piece) ?? pack(piece);
      known.set(piece, packed);
      return packed;
    }),
  );
}

const manyMembers = () => packedBy((piece) => gzipSync(piece));

/** Blocks that end on a byte and refer to none before can be put one after the other. */
function oneMember(): Buffer {
  const blocks = packedBy((piece) =>
    deflateRawSync(piece, { finishFlush: constants.Z_FULL_FLUSH }),
  );
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  return Buffer.concat([head, blocks, Buffer.from([3, 0]), Buffer.alloc(8)]);
}

describe('a layer of some megabytes that unpacks to 10 GiB', () => {
  it.each([
    ['in many members', manyMembers],
    ['in one member', oneMember],
  ])(
    '%s, is given up early and said to be too large',
    async (name, make) => {
      const packed = make();
      expect(packed.length).toBeLessThan(20 * mebibyte);
      await layoutOf(name, packed, `sha256:${'0'.repeat(64)}`);
      const { exitCode, record, peak } = await boundedRun(['validate', 'image', name], folder);
      expect(exitCode).toBe(1);
      const found = record.findings.filter(({ check }) => check === 'image/integrity');
      expect(found).toMatchObject([
        {
          message: expect.stringContaining('unpacks to more than 250 times its size'),
        },
      ]);
      expect(peak).toBeLessThan(400 * mebibyte);
    },
    180_000,
  );
});

describe('a layer of a million files', () => {
  it('is read, and takes memory for their names alone', async () => {
    const count = 1_000_000;
    const hash = createHash('sha256');
    const members: Buffer[] = [];
    const batch = 20_000;
    const block = writeTar([{ path: 'd/000/000000' }]).subarray(0, 512);
    const write = (bytes: Buffer) => {
      hash.update(bytes);
      members.push(gzipSync(bytes, { level: 1 }));
    };
    for (let start = 0; start < count; start += batch) {
      const bytes = Buffer.alloc(batch * 512);
      for (let at = 0; at < batch; at++) {
        block.copy(bytes, at * 512);
        named(bytes.subarray(at * 512, at * 512 + 512), start + at);
      }
      write(bytes);
    }
    write(Buffer.alloc(1024));
    await layoutOf('many', Buffer.concat(members), `sha256:${hash.digest('hex')}`);
    const { exitCode, record, peak } = await boundedRun(
      ['validate', 'image', 'many', '--no-cache'],
      folder,
    );
    expect(record.findings.filter(({ check }) => check === 'image/integrity')).toEqual([]);
    expect(record.outcomes.filter(({ fault }) => fault)).toEqual([]);
    expect(exitCode).toBe(1);
    expect(peak).toBeLessThan(1.5 * gibibyte);
  }, 180_000);
});

const nameLength = 'd/000/000000'.length;

/** Gives a header another name of the same length; the checksum is that of all bytes, so it changes with the digits. */
function named(header: Buffer, number: number): void {
  const digits = String(number).padStart(6, '0');
  header.write(`d/${digits.slice(0, 3)}/${digits}`, 0, nameLength, 'latin1');
  header.write(' '.repeat(8), 148, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
