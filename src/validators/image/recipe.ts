import { Readable } from 'node:stream';
import { sha256 } from '../../core/digest.ts';
import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textMapOf,
  textOf,
  textsOf,
} from '../../core/json.ts';
import { parsePlatform } from '../../core/platform.ts';
import { configOf } from './config.ts';
import type { Described } from './described.ts';
import { examineLayer } from './examine-layer.ts';
import type { Image } from './image.ts';
import { layerLimits } from './layer.ts';
import { imageOf } from './load.ts';
import { structureFileOf } from './structure/format.ts';
import type { TarType } from './tar.ts';

/** A file as a recipe writes it; what is left out is 0644 (folders and links 0755) and root's. */
export interface RecipeFile {
  readonly path: string;
  readonly type?: TarType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly content?: string | Uint8Array;
  readonly linkname?: string;
  readonly capability?: boolean;
}

/**
 * An image made from text and nothing on disk: `{config, layers: [[{path, mode?, type?, content?,
 * linkname?, uid?}]], history?, annotations?, created?, architecture?, os?, cut?: true, base?, earlier?, structure?,
 * name?, platforms?, tag?: {tag, digest, found?}}`, where a mode is octal text, `base64` content in that encoding, `times` how often
 * `content` is repeated, `cut`
 * takes the last byte off every layer, and `base` and `earlier` are recipes of the base image and of the release before,
 * `structure` is the text of structure tests, `name` the reference that somebody typed, `platforms` those of the index,
 * and `tag` what a registry says of a tag beside a digest. The
 * layers go through the same pass as real ones.
 */
export async function imageOfRecipe(text: string): Promise<Image> {
  const recipe = parseObject(text);
  if (!recipe) throw new Error('the recipe is no JSON object');
  return readRecipe(recipe, 'example');
}

async function readRecipe(recipe: JsonObject, name: string): Promise<Image> {
  const given = fieldOf(recipe, 'layers');
  const archives = (Array.isArray(given) ? given : []).map((files: unknown) =>
    writeTar(objectsOf(files).map(recipeFile)),
  );
  const diffIds = archives.map((archive) => sha256(archive));
  const json: JsonObject = {
    architecture: textOf(fieldOf(recipe, 'architecture')) ?? 'amd64',
    os: textOf(fieldOf(recipe, 'os')) ?? 'linux',
    created: textOf(fieldOf(recipe, 'created')) ?? '',
    config: objectOf(fieldOf(recipe, 'config')) ?? {},
    history: fieldOf(recipe, 'history') ?? [],
    rootfs: { type: 'layers', diff_ids: diffIds },
  };
  const structure = textOf(fieldOf(recipe, 'structure'));
  const file = structure === undefined ? undefined : structureFileOf('structure.yaml', structure);
  const keep = (file?.tests.fileContentTests ?? []).map(({ path }) => path.replace(/^\//, ''));
  const layers = await Promise.all(
    archives.map((archive, index) => {
      const bytes = fieldOf(recipe, 'cut') === true ? archive.subarray(0, -1) : archive;
      const blob = { size: bytes.length, open: () => Readable.from([bytes]) };
      const digest = diffIds[index] ?? '';
      const claim = { digest, diffId: digest, size: archive.length };
      return examineLayer(claim, blob, { limits: layerLimits, keep });
    }),
  );
  const digest = sha256(JSON.stringify(json));
  const annotations = textMapOf(fieldOf(recipe, 'annotations'));
  const platforms = textsOf(fieldOf(recipe, 'platforms'))?.flatMap(
    (one) => parsePlatform(one) ?? [],
  );
  const tag = tagOf(objectOf(fieldOf(recipe, 'tag')));
  const identity = {
    ...{ name: textOf(fieldOf(recipe, 'name')) ?? name, source: 'example', digest, annotations },
    ...(platforms && { platforms }),
    ...(tag && { tag }),
  };
  const [givenBase, earlier] = await Promise.all(
    (['base', 'earlier'] as const).map((beside) => {
      const other = objectOf(fieldOf(recipe, beside));
      return other && readRecipe(other, beside);
    }),
  );
  return {
    ...imageOf(identity, configOf(json) ?? null, layers, []),
    ...(file && { structure: [file] }),
    ...(givenBase && { givenBase }),
    ...(earlier && { earlier }),
  };
}

function tagOf(json: JsonObject | undefined): Described['tag'] {
  if (!json) return undefined;
  const text = (name: string) => textOf(fieldOf(json, name));
  const found = text('found') ?? null;
  const digest = text('digest') ?? '';
  return { tag: text('tag') ?? '', digest, found, agrees: found === digest };
}

function recipeFile(json: JsonObject): RecipeFile {
  const type = tarTypes.find((name) => name === fieldOf(json, 'type')) ?? 'file';
  const mode = textOf(fieldOf(json, 'mode'));
  const number = (name: string) => Number(fieldOf(json, name) ?? 0);
  return {
    path: textOf(fieldOf(json, 'path')) ?? '',
    type,
    uid: number('uid'),
    gid: number('gid'),
    content: contentOf(json),
    linkname: textOf(fieldOf(json, 'linkname')) ?? '',
    capability: fieldOf(json, 'capability') === true,
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  };
}

function contentOf(json: JsonObject): string | Uint8Array {
  const encoded = textOf(fieldOf(json, 'base64'));
  return encoded === undefined
    ? (textOf(fieldOf(json, 'content')) ?? '').repeat(Number(fieldOf(json, 'times') ?? 1))
    : Buffer.from(encoded, 'base64');
}

const flags: Readonly<Partial<Record<TarType, string>>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  directory: '5',
};
const tarTypes: readonly TarType[] = ['file', 'hardlink', 'symlink', 'directory'];

/** A tar archive (ustar, with a pax header where a name is long or a capability is set). */
export function writeTar(files: readonly RecipeFile[]): Buffer {
  return Buffer.concat([...files.flatMap(writeFile), Buffer.alloc(1024)]);
}

function writeFile(file: RecipeFile): Buffer[] {
  const { path, type = 'file', content = '', linkname = '', uid = 0, gid = 0 } = file;
  const bytes = Buffer.from(content);
  const mode = file.mode ?? (type === 'file' ? 0o644 : 0o755);
  const records = [
    ...(Buffer.byteLength(path) > 100 ? [paxRecord('path', path)] : []),
    ...(Buffer.byteLength(linkname) > 100 ? [paxRecord('linkpath', linkname)] : []),
    ...(file.capability ? [paxRecord('SCHILY.xattr.security.capability', 'set')] : []),
  ].join('');
  const extended = Buffer.from(records);
  const flag = flags[type] ?? '0';
  const size = type === 'file' ? bytes.length : 0;
  return [
    ...(records ? [header('pax', 0o644, 0, 0, extended.length, 'x', ''), padded(extended)] : []),
    header(path, mode, uid, gid, size, flag, linkname),
    ...(size > 0 ? [padded(bytes)] : []),
  ];
}

function header(
  path: string,
  mode: number,
  uid: number,
  gid: number,
  size: number,
  flag: string,
  linkname: string,
): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, offset: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, '0'), offset, 'latin1');
  block.write(path, 0, 100);
  octal(mode, 100, 7);
  octal(uid, 108, 7);
  octal(gid, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(flag, 156, 'latin1');
  block.write(linkname, 157, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / 512) * 512);
}

/** The length counts itself, so it is looked for until it fits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(rest);
  let length = size;
  while (length !== size + String(length).length) length = size + String(length).length;
  return `${length}${rest}`;
}
