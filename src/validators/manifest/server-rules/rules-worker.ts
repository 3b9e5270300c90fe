import { setFlagsFromString } from 'node:v8';
import { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';
import type { Artefact } from './artefact.ts';
import { unpacked } from './artefact.ts';

/** What the worker is started with. */
export interface RulesWorkerData {
  readonly artefact: Artefact;
  readonly folder: string;
}

/** JSON lines in, JSON lines out; `error` says that the instance is of no use any more. */
export type RulesReply = { readonly lines: string } | { readonly error: string };

/** The part of the global that is used; TypeScript has its types in the library for browsers only. */
interface WasmApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: object }>;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly kv_alloc: (bytes: number) => number;
  readonly kv_run: (bytes: number) => number;
  readonly kv_out: () => number;
}

/** V8's own and may go: they spare 0.3 to 0.6 s of compiling ahead what is called once. */
function flag(text: string): void {
  try {
    setFlagsFromString(text);
  } catch {
    // Slower, and the same answers.
  }
}

async function start({ artefact, folder }: RulesWorkerData): Promise<Exports> {
  flag('--wasm-lazy-validation');
  flag('--wasm-tiering-budget=1000000000');
  const bytes = await unpacked(artefact, folder);
  // Go's runtime and a logger read the name of the program.
  const wasi = new WASI({ version: 'preview1', args: ['rules'], env: {}, preopens: {} });
  const wasm = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;
  const module = await wasm.compile(bytes);
  // The engine has a copy of its own; 130 MB would wait for the garbage collector.
  if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
  const instance = await wasm.instantiate(module, {
    wasi_snapshot_preview1: wasi.wasiImport,
  });
  wasi.initialize(instance);
  // The module is built from kube-rules/ and known by its hash.
  return instance.exports as unknown as Exports;
}

function ask(exports: Exports, lines: string): string {
  const input = new TextEncoder().encode(lines);
  const at = exports.kv_alloc(input.length) >>> 0;
  new Uint8Array(exports.memory.buffer, at, input.length).set(input);
  const length = exports.kv_run(input.length);
  // The memory may have grown, and then it is another buffer.
  const answer = new Uint8Array(exports.memory.buffer, exports.kv_out() >>> 0, length);
  return new TextDecoder().decode(answer);
}

const ready = start(workerData as RulesWorkerData);
let asked = 0;

parentPort?.on('message', async (lines: string) => {
  const exports = await ready;
  let reply: RulesReply;
  try {
    reply = { lines: ask(exports, lines) };
    // From here on code that is called often is worth compiling well.
    if (++asked === 2) flag('--wasm-tiering-budget=13000000');
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
