import { Fault } from '../../core/fault.ts';
import type {
  EnvironmentSeen,
  Looked,
  ProcessSeen,
  UserSeen,
} from '../../validators/runtime/observation.ts';
import { environmentSeen, processOf } from '../../validators/runtime/process.ts';
import type { MainProcess } from '../bench.ts';
import { ownMachine, type ReadProcess } from './own-machine.ts';
import type { Yard } from './yard.ts';

/** The main process of a running container, by the files of its kernel. */
export async function lookAtProcess(container: string, yard: Yard): Promise<MainProcess> {
  const read = await readerOf(container, yard);
  const declared = new Map<string, string | null>(Object.entries(yard.request.environment));
  const status = await read('status');
  const environ = await read('environ');
  const mountinfo = await read('mountinfo');
  const seen =
    'seen' in status
      ? processOf(status.seen, 'seen' in mountinfo ? mountinfo.seen : undefined)
      : undefined;
  const why = 'why' in status ? status.why : 'its status says neither user nor capabilities';
  return {
    process: seen ? { seen } : { why },
    environment: environmentOf(declared, environ),
  };
}

function environmentOf(
  declared: ReadonlyMap<string, string | null>,
  environ: Looked<string>,
): Looked<EnvironmentSeen> {
  if (declared.size === 0) return { seen: { declared: 0, missing: [], different: [] } };
  return 'seen' in environ ? { seen: environmentSeen(declared, environ.seen) } : environ;
}

/** This machine's own files, where the engine runs here; ids in them are right without user name spaces only. */
async function readerOf(container: string, yard: Yard): Promise<ReadProcess> {
  const { engine, signal, isolation } = yard;
  const inside = fromInside(container, yard);
  const state = await engine.inspect(container, signal);
  if (!state?.running || isolation.userNamespaces) return inside;
  const here = await ownMachine(state.pid, state.id);
  if (!here) return inside;
  return async (file) => {
    const looked = await here(file);
    // Only its own user, and root, may read some of them.
    return 'seen' in looked ? looked : inside(file);
  };
}

/** Through the `cat` of the image. */
function fromInside(container: string, { engine, signal }: Yard): ReadProcess {
  return async (file) => {
    const path = `/proc/1/${file}`;
    try {
      const output = await engine.exec(container, { command: ['cat', path] }, signal);
      if (output?.exitCode === 0) return { seen: output.stdout };
      const said = `${output?.stderr ?? ''}${output?.stdout ?? ''}`.trim().split('\n')[0];
      return { why: `cat ${path} in the image: ${said || 'it does not run'}`.slice(0, 200) };
    } catch (error) {
      signal.throwIfAborted();
      // What cannot be started is an error for some engines.
      if (error instanceof Fault) return { why: `cat ${path}: ${error.message}`.slice(0, 200) };
      throw error;
    }
  };
}

/** Every process by the `ps` of the engine's machine, the main one first. */
export async function lookAtUsers(
  container: string,
  main: Looked<ProcessSeen>,
  { engine, signal, isolation }: Yard,
): Promise<Looked<readonly UserSeen[]>> {
  if (isolation.userNamespaces) {
    // Its ids are those of the machine; those of the container are in the status of each process.
    if ('why' in main) return main;
    return { seen: [{ uid: main.seen.uid, gid: main.seen.gid ?? 0, command: 'PID 1' }] };
  }
  try {
    const state = await engine.inspect(container, signal);
    const processes = (await engine.processes(container, signal)) ?? [];
    const first = processes.find(({ pid }) => pid === state?.pid);
    if (!first) return { why: 'the engine does not tell its processes' };
    const others = processes.filter((process) => process !== first);
    return {
      seen: [first, ...others].map(({ uid, gid, command }) => ({ uid, gid, command })),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return { why: `the engine's ps: ${error.message}`.slice(0, 200) };
    throw error;
  }
}
