import { Fault } from '../../core/fault.ts';
import type { Attempt } from '../bench.ts';
import type { RunSettings } from '../settings.ts';
import { optionsOf } from './options.ts';
import type { Yard } from './yard.ts';

/** Milliseconds to make a container. */
const createMs = 60_000;

/** @throws Fault `engine-unreachable`, `engine-failed`, `input-missing`, `usage-invalid`; the signal's reason */
export async function startContainer(settings: RunSettings, yard: Yard): Promise<Attempt> {
  const { engine, signal, request } = yard;
  const container = yard.nextName();
  signal.throwIfAborted();
  // An abort in mid-call would leave open whether it is there, so this call is waited for.
  const made = await engine.createContainer(
    optionsOf(settings, yard, container),
    AbortSignal.timeout(createMs),
  );
  signal.throwIfAborted();
  if (made === undefined) {
    throw new Fault('input-missing', `${request.label} was removed from the engine meanwhile`);
  }
  const started = await engine.start(container, signal);
  if (started?.started) return { container, refused: undefined };
  const refused = started?.reason ?? 'somebody removed its container';
  // The one refusal that says nothing about the image; to some engines it is a container that is not found.
  const isThere = !started && (await engine.inspect(container, signal)) !== undefined;
  if (isThere || /\bnetwork \S+ not found/i.test(refused)) {
    throw new Fault('usage-invalid', `the engine has no network ${request.network}`);
  }
  return { container, refused };
}
