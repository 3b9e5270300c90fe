import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { Fault, systemCode } from '../../../core/fault.ts';
import { objectOf, parseObject, textOf } from '../../../core/json.ts';
import { packageFile } from '../../../core/package-root.ts';

const decompress = promisify(brotliDecompress);

/** Written by scripts/kube-rules.ts beside the module. */
interface Note {
  readonly kubernetes: string;
  readonly sha256: string;
  readonly module: { readonly sha256: string; readonly size: number };
}

function noteOf(text: string): Note {
  const note = parseObject(text);
  const module = objectOf(note?.module);
  const kubernetes = textOf(note?.kubernetes);
  const [whole, inside] = [textOf(note?.sha256), textOf(module?.sha256)];
  const size = module?.size;
  if (!kubernetes || !whole || !inside || typeof size !== 'number')
    throw new Error('it is not as it was written');
  return { kubernetes, sha256: whole, module: { sha256: inside, size } };
}

/** The module as it ships. */
export interface Artefact {
  /** Minor version whose rules it holds, `1.34`. */
  readonly version: string;
  /** Version it was built from, `v1.34.4`. */
  readonly kubernetes: string;
  /** Compressed. */
  readonly file: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** SHA-256 and bytes of what is in it. */
  readonly module: { readonly sha256: string; readonly size: number };
}

const noteFile = 'data/kubernetes/rules.json';
const moduleFile = 'data/kubernetes/rules.wasm.br';

/**
 * The module beside this program; undefined when it was left out.
 * @throws Fault `data-missing` when the note on it cannot be read
 */
export async function findArtefact(
  note = packageFile(noteFile),
  file = packageFile(moduleFile),
): Promise<Artefact | undefined> {
  try {
    const parsed = noteOf(await readFile(note, 'utf8'));
    await stat(file);
    const version = /^v(\d+\.\d+)\./.exec(parsed.kubernetes)?.[1] ?? parsed.kubernetes;
    return { ...parsed, version, file };
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new Fault('data-missing', `${note}: the rules of the API server cannot be read`, {
      cause,
    });
  }
}

/**
 * The module, unpacked. Unpacking takes 0.3 s, so it is done once for all runs of one user; a file that
 * others could have written, or of another size or content, is not taken.
 * @param folder where it is kept; when it cannot be written the module is unpacked every time
 * @throws Fault `data-missing` when the file does not hold what its note says
 */
export async function unpacked(artefact: Artefact, folder: string): Promise<Uint8Array> {
  const kept = join(folder, `rules-${artefact.module.sha256}.wasm`);
  const known = await ownFile(kept, artefact);
  if (known) return known;
  const bytes = await unpack(artefact);
  await keep(kept, folder, bytes);
  return bytes;
}

async function ownFile(file: string, { module }: Artefact): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { uid, mode, size } = await handle.stat();
      const foreign = process.getuid !== undefined && uid !== process.getuid();
      if (foreign || (mode & 0o022) !== 0 || size !== module.size) return undefined;
      const bytes = await handle.readFile();
      return hexOf(bytes) === module.sha256 ? bytes : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

async function unpack({ file, sha256, module }: Artefact): Promise<Uint8Array> {
  try {
    const packed = await readFile(file);
    if (hexOf(packed) !== sha256) throw new Error('its SHA-256 is another one');
    const bytes = await decompress(packed);
    if (hexOf(bytes) !== module.sha256)
      throw new Error('the SHA-256 of its content is another one');
    return bytes;
  } catch (cause) {
    throw new Fault('data-missing', `${file}: the rules of the API server cannot be read`, {
      cause,
    });
  }
}

/** Several processes may do so at once: each writes a file of its own and renames it. */
async function keep(file: string, folder: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await removeOthers(folder, basename(file));
  } catch {
    // Without a place to keep it, it is unpacked again next time.
    await rm(partial, { force: true }).catch(() => {});
  }
}

/** Milliseconds after which a file that is being written is one that nobody writes any more. */
const abandonedAfter = 3_600_000;

/** Modules of other versions go, 130 MB each, and what a process that was killed left behind. */
async function removeOthers(folder: string, kept: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => ours.test(name) && name !== kept);
  for (const name of others) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (name.endsWith('.wasm') || Date.now() - mtimeMs > abandonedAfter)
      await rm(path, { force: true });
  }
}

const ours = /^rules-[0-9a-f]{64}\.wasm(?:\.[0-9a-f-]{36}\.tmp)?$/;

const hexOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
