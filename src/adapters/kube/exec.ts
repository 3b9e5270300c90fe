import { objectOf, objectsOf, parseObject } from '../../core/json.ts';
import { type Channels, openChannels } from './channels.ts';
import type { Connection } from './connection.ts';
import { failed } from './faults.ts';
import type { ExecOptions, ExecOutput, ExecResult } from './kube.ts';
import type { PodRef } from './object.ts';
import { podPath } from './pod.ts';

/** Channel numbers of `v4.channel.k8s.io` and `v5.channel.k8s.io` (apimachinery, remotecommand). */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;
/** Only v5, in Kubernetes 1.30 and newer, can say that stdin has ended. */
const withStdin = ['v5.channel.k8s.io'];
const withoutStdin = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const stdinPartBytes = 32 * 1024;
const defaultOutputBytes = 1024 * 1024;

/** See `Kube.exec`. */
export async function exec(
  connection: Connection,
  pod: PodRef,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecResult> {
  const { command, container, stdin } = options;
  const stdout = createKept(options.maxOutputBytes ?? defaultOutputBytes);
  const stderr = createKept(options.maxOutputBytes ?? defaultOutputBytes);
  const output = (): ExecOutput => ({
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated() || stderr.truncated(),
  });

  // The deadline ends the connection as the caller's signal does; which it was is asked afterwards.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), options.timeoutMs);
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    const query = { command, container, stdout: true, stderr: true, stdin: stdin !== undefined };
    const protocols = stdin === undefined ? withoutStdin : withStdin;
    const answer = await openChannels(connection, pod, 'exec', { query, protocols }, either);
    if (answer.outcome === 'refused') return answer;
    // A command that ends without reading all of it breaks this off; its exit code still counts.
    if (stdin !== undefined) feed(answer, stdin).catch(() => undefined);
    for await (const { channel, data } of answer.messages()) {
      if (channel === channels.stdout) stdout.keep(data);
      if (channel === channels.stderr) stderr.keep(data);
      if (channel === channels.status) {
        return { outcome: 'ok', exitCode: exitCodeOf(connection, pod, data), ...output() };
      }
    }
    throw failed(
      connection.target,
      asked(connection, pod),
      'closed before the command’s exit code came',
    );
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.signal.aborted) return { outcome: 'timed-out', ...output() };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function feed(opened: Channels, stdin: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(stdin);
  for (let at = 0; at < bytes.length; at += stdinPartBytes) {
    await opened.send(channels.stdin, bytes.subarray(at, at + stdinPartBytes));
  }
  await opened.send(channels.close, Buffer.from([channels.stdin]));
}

/** The status channel carries a `Status`: success, or a cause `ExitCode`. */
function exitCodeOf(connection: Connection, pod: PodRef, data: Buffer): number {
  const status = parseObject(data.toString('utf8'));
  if (status?.status === 'Success') return 0;
  const causes = objectsOf(objectOf(status?.details)?.causes);
  const cause = causes.find(({ reason }) => reason === 'ExitCode');
  if (cause !== undefined) return Number(cause.message);
  const message = String(status?.message ?? 'no reason given');
  throw failed(connection.target, asked(connection, pod), `could not run the command: ${message}`);
}

const asked = (connection: Connection, pod: PodRef) => ({
  method: 'GET',
  path: podPath(connection, pod, 'exec'),
});

/** The beginning of an output. */
function createKept(maxBytes: number) {
  const parts: Buffer[] = [];
  let size = 0;
  let more = false;
  return {
    keep(data: Buffer) {
      const room = maxBytes - size;
      more ||= data.length > room;
      if (room <= 0) return;
      // Copied, because the part is a view of a whole read of the socket.
      parts.push(Buffer.from(data.subarray(0, room)));
      size += Math.min(data.length, room);
    },
    text: () => Buffer.concat(parts).toString('utf8'),
    truncated: () => more,
  };
}
