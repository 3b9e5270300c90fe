import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileEntry } from './entries.ts';
import { type Layer, type LayerPlan, writeLayer } from './layer.ts';

const run = promisify(execFile);

/** Packing 120 MB takes most of a build, and every release has the same runtime. */
const written = new Map<string, Promise<Layer>>();

/** The layer with Node.js, written once per folder and process. */
export function runtimeLayer(folder: string): Promise<Layer> {
  const known = written.get(folder);
  if (known !== undefined) return known;
  const layer = runtimePlan().then((plan) => writeLayer(folder, plan));
  written.set(folder, layer);
  return layer;
}

/** The Node.js that runs this build, with the libraries its loader asks for. */
async function runtimePlan(): Promise<LayerPlan> {
  const libraries = await librariesOf(process.execPath);
  return {
    createdBy: `COPY node ${process.version} and its libraries`,
    entries: [
      fileEntry('/usr/local/bin/node', process.execPath, 0o755),
      ...libraries.map((path) => fileEntry(path, path, 0o755)),
    ],
  };
}

/** The shared libraries that a program asks its loader for, with the loader. */
export async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]);
  // Lines with a path: `libm.so.6 => /lib/…/libm.so.6 (0x…)` and `/lib64/ld-linux-….so.2 (0x…)`.
  return [...stdout.matchAll(/(?<=^\s*|=> )\/\S+/gm)].map(([path]) => path);
}
