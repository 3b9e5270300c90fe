import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { execa } from 'execa';
import { z } from 'zod';
import { packageFile } from '../src/core/package-root.ts';
import { overlayOf } from './kube-rules/overlay.ts';
import { type GoModule, goNoticesOf } from './notices.ts';

/**
 * Builds the rules of the Kubernetes API server, kube-rules/, as data/kubernetes/rules.wasm.br. Needs Go.
 *
 *   node scripts/kube-rules.ts            builds; 5 min without a cache, 20 s with one
 *   node scripts/kube-rules.ts --check    exits 1 when the module was made of other inputs; needs Go only then
 */
const toolchain = 'go1.26.8';
const flags = [
  '-mod=vendor',
  '-trimpath',
  '-buildvcs=false',
  '-buildmode=c-shared',
  '-ldflags=-s -w -buildid=',
];

const source = packageFile('kube-rules');
const moduleFile = packageFile('data/kubernetes/rules.wasm.br');
const noteFile = packageFile('data/kubernetes/rules.json');
const licencesFile = packageFile('data/kubernetes/rules.licences.txt');

const hexOf = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

const noteSchema = z.object({
  kubernetes: z.string(),
  toolchain: z.string(),
  inputs: z.string(),
  sha256: z.string(),
  module: z.object({ sha256: z.string(), size: z.number() }),
});

type Note = z.infer<typeof noteSchema>;

/** Hash over everything that decides about the bytes of the module. */
async function hashInputs(): Promise<string> {
  const names = (await readdir(source)).filter((name) => /\.(go|mod|sum)$/.test(name)).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${hexOf(await readFile(join(source, name)))}  ${name}`),
  );
  const overlay = hexOf(await readFile(packageFile('scripts/kube-rules/overlay.ts')));
  return hexOf(JSON.stringify({ lines, toolchain, flags, overlay }));
}

async function kubernetesVersion(): Promise<string> {
  const text = await readFile(join(source, 'go.mod'), 'utf8');
  const version = /^\s+k8s\.io\/kubernetes (v\S+)$/m.exec(text)?.[1];
  if (version === undefined) throw new Error('kube-rules/go.mod requires no k8s.io/kubernetes');
  // Go has no way to say it of a dependency: what is deprecated and gone is reckoned by the constant.
  const minor = /^\tminor = (\d+)$/m.exec(await readFile(join(source, 'served.go'), 'utf8'))?.[1];
  if (version.split('.')[1] !== minor) throw new Error(`kube-rules/served.go is of 1.${minor}`);
  return version;
}

const environment = { GOTOOLCHAIN: toolchain, GOFLAGS: '', GOWORK: 'off' };
const target = { ...environment, GOOS: 'wasip1', GOARCH: 'wasm' };

async function build(folder: string): Promise<Uint8Array> {
  await kubernetesVersion();
  await execa('go', ['mod', 'vendor'], { cwd: source, env: environment });
  const replaced = await overlayOf(join(source, 'vendor'), folder);
  const overlay = join(folder, 'overlay.json');
  await writeFile(overlay, JSON.stringify({ Replace: replaced }));
  const output = join(folder, 'rules.wasm');
  const command = ['build', ...flags, `-overlay=${overlay}`, '-o', output, '.'];
  await execa('go', command, { cwd: source, env: target, stderr: 'inherit' });
  await writeFile(licencesFile, await licences(overlay));
  return readFile(output);
}

/** Of the modules that packages in the program come from, and of Go itself. */
async function licences(overlay: string): Promise<string> {
  const format =
    '{{with .Module}}{{.Path}} {{with .Replace}}{{.Version}}{{else}}{{.Version}}{{end}}{{end}}';
  const command = ['list', '-deps', '-mod=vendor', `-overlay=${overlay}`, '-f', format, '.'];
  const { stdout } = await execa('go', command, { cwd: source, env: target });
  const { stdout: root } = await execa('go', ['env', 'GOROOT'], { cwd: source, env: environment });
  const named = [...new Set(stdout.split('\n'))].filter((line) => / v/.test(line)).sort();
  const modules = named.map((line): GoModule => {
    const [path = '', version = ''] = line.split(' ');
    return { path, version, folder: join(source, 'vendor', path) };
  });
  return goNoticesOf([{ path: 'Go', version: toolchain, folder: root }, ...modules]);
}

async function readNote(): Promise<Note | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(noteFile, 'utf8')));
  } catch {
    return undefined;
  }
}

async function built(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-rules-'));
  try {
    return await build(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the module as it lies there; undefined when nothing is. */
async function problem(): Promise<string | undefined> {
  const note = await readNote();
  if (!note) return 'there is no readable note on it';
  if (hexOf(await readFile(moduleFile)) !== note.sha256)
    return 'its SHA-256 is not that of its note';
  if (note.inputs === (await hashInputs())) return undefined;
  process.stdout.write('its inputs have changed; building to compare\n');
  const same = hexOf(await built()) === note.module.sha256;
  return same ? undefined : 'its inputs make another one now; run npm run build:kube-rules';
}

if (process.argv.includes('--check')) {
  const found = await problem();
  process.stdout.write(`data/kubernetes/rules.wasm.br: ${found ?? 'current'}\n`);
  process.exitCode = found === undefined ? 0 : 1;
} else {
  const bytes = await built();
  const packed = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
  const note: Note = {
    kubernetes: await kubernetesVersion(),
    toolchain,
    inputs: await hashInputs(),
    sha256: hexOf(packed),
    module: { sha256: hexOf(bytes), size: bytes.byteLength },
  };
  await writeFile(moduleFile, packed);
  await writeFile(noteFile, `${JSON.stringify(note, null, 2)}\n`);
  process.stdout.write(`${bytes.byteLength} bytes, ${packed.byteLength} compressed\n`);
}
