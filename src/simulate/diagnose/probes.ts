import { numberAt, partAt, stringAt } from '../../validators/manifest/read.ts';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** A probe as its manifest has it: `GET :http/readyz every 5 s, 2 s to answer, 2 failures`. */
export function probeText(container: unknown, kind: ProbeKind): string | undefined {
  const probe = partAt(container, `${kind}Probe`);
  if (probe === undefined) return undefined;
  const seconds = (field: string, otherwise: number) => numberAt(probe, field) ?? otherwise;
  const failures = seconds('failureThreshold', 3);
  return [
    `${kind} probe ${actionText(probe)} every ${seconds('periodSeconds', 10)} s`,
    `${seconds('timeoutSeconds', 1)} s to answer`,
    `${failures} ${failures === 1 ? 'failure' : 'failures'} allowed`,
  ].join(', ');
}

/** What a probe or a hook does. */
export function actionText(probe: unknown): string {
  const port = (action: string) => String(partAt(probe, action, 'port') ?? '');
  if (partAt(probe, 'httpGet') !== undefined) {
    const scheme = stringAt(probe, 'httpGet', 'scheme') === 'HTTPS' ? 'https ' : '';
    return `GET ${scheme}:${port('httpGet')}${stringAt(probe, 'httpGet', 'path') ?? '/'}`;
  }
  if (partAt(probe, 'tcpSocket') !== undefined) return `TCP :${port('tcpSocket')}`;
  if (partAt(probe, 'grpc') !== undefined) return `gRPC :${port('grpc')}`;
  const command = partAt(probe, 'exec', 'command');
  return `exec ${Array.isArray(command) ? command.join(' ') : ''}`;
}
