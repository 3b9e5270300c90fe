import { Fault } from '../core/fault.ts';
import { quantityOf } from '../validators/manifest/quantity.ts';
import { defaultTimes, type ProbeRequest, type Readiness } from './request.ts';

/** How an image is to be run, as people write it in flags and in the configuration. */
export interface Asked {
  /** A list, the same as JSON, or words. */
  readonly command?: string | readonly string[] | undefined;
  readonly args?: string | readonly string[] | undefined;
  readonly tmpfs?: readonly string[] | undefined;
  readonly volumes?: readonly string[] | undefined;
  /** A quantity of Kubernetes, such as `128Mi`. */
  readonly memory?: string | undefined;
  readonly network?: string | undefined;
  readonly ready?: string | undefined;
  readonly readyTimeoutMs?: number | undefined;
  readonly settleMs?: number | undefined;
  readonly graceMs?: number | undefined;
}

/** Milliseconds: longer times are a mistake in a unit. */
const longestMs = 3_600_000;
const mostFolders = 32;

/**
 * @param image what the engine is asked for
 * @param label what people call it
 * @throws Fault `usage-invalid`
 */
export function requestOf(
  image: string,
  label: string,
  environment: Readonly<Record<string, string>>,
  asked: Asked,
): ProbeRequest {
  return {
    ...{ image, label, environment },
    command: wordsOf('command', asked.command),
    args: wordsOf('args', asked.args),
    tmpfs: foldersOf('tmpfs', asked.tmpfs),
    volumes: foldersOf('volume', asked.volumes),
    memory: memoryOf(asked.memory),
    network: networkOf(asked.network),
    ready: readinessOf(asked.ready),
    readyMs: within('ready-timeout', asked.readyTimeoutMs ?? defaultTimes.readyMs),
    settleMs: within('settle', asked.settleMs ?? defaultTimes.settleMs),
    graceSeconds: Math.ceil(
      within('grace', asked.graceMs ?? defaultTimes.graceSeconds * 1000) / 1000,
    ),
  };
}

function invalid(flag: string, text: string, expected: string): Fault {
  return new Fault('usage-invalid', `--${flag} ${text}: expected ${expected}`);
}

function wordsOf(
  flag: string,
  text: string | readonly string[] | undefined,
): readonly string[] | undefined {
  if (typeof text !== 'string') return text;
  if (!text.trimStart().startsWith('[')) return text.split(/\s+/).filter((word) => word !== '');
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Said below.
  }
  throw invalid(flag, text, 'words, or a JSON list of texts such as ["sh", "-c", "exec app"]');
}

function foldersOf(flag: string, paths: readonly string[] = []): readonly string[] {
  if (paths.length > mostFolders) {
    throw new Fault('usage-invalid', `--${flag}: ${paths.length} folders, at most ${mostFolders}`);
  }
  const folders = paths.map((path) => {
    const isFolder = /^(?:\/[^/\0]+)+\/?$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path);
    if (!isFolder) throw invalid(flag, path, 'a path in the container that starts with /');
    return path.replace(/\/$/, '');
  });
  return [...new Set(folders)];
}

function memoryOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const bytes = quantityOf(text);
  if (bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw invalid('memory', text, 'a quantity such as 128Mi');
}

/** The trials start what nobody has examined yet; the network of this machine is not for it. */
function networkOf(text = 'bridge'): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(text) && text !== 'host') return text;
  throw invalid('network', text, 'the name of a network of the engine, or none; host is not lent');
}

const httpPattern = /^http:(\d{1,5})(\/\S*)?$/;

function readinessOf(text: string | undefined): Readiness {
  if (text === undefined) return { by: 'default' };
  if (text === 'health' || text === 'exit' || text === 'settled') return { by: text };
  if (text.startsWith('log:') && text.length > 4) return { by: 'log', text: text.slice(4) };
  const [, port, path = '/'] = httpPattern.exec(text) ?? [];
  if (port !== undefined && Number(port) > 0 && Number(port) < 65_536) {
    return { by: 'http', port: Number(port), path };
  }
  throw invalid('ready', text, 'health, http:PORT/PATH, log:TEXT, exit or settled');
}

function within(flag: string, ms: number): number {
  if (ms >= 0 && ms <= longestMs) return ms;
  throw invalid(flag, `${ms} ms`, 'at most one hour');
}
