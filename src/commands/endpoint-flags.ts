import { Fault } from '../core/fault.ts';
import type { EndpointProbe } from '../simulate/endpoint.ts';

/** Milliseconds. */
const answerMs = 10_000;

export interface EndpointFlags {
  readonly url: string;
  readonly status: number;
  readonly body?: string | undefined;
  /** Milliseconds. */
  readonly within?: number | undefined;
  readonly 'body-json': boolean;
  readonly dependency?: readonly string[] | undefined;
  readonly 'expect-header'?: readonly string[] | undefined;
  readonly 'security-headers': boolean;
  readonly 'cors-allowed'?: readonly string[] | undefined;
  readonly 'cors-refused'?: readonly string[] | undefined;
}

/** @throws Fault `usage-invalid` for a flag that is not of its form */
export function endpointProbe(flags: EndpointFlags): EndpointProbe {
  const expect = pairs('expect-header', flags['expect-header'], /^([^\s:]+):\s*(.+)$/s);
  const preset = flags['security-headers'] ? ('security' as const) : undefined;
  const origins = [
    ...(flags['cors-allowed'] ?? []).map((origin) => ({ origin, allowed: true })),
    ...(flags['cors-refused'] ?? []).map((origin) => ({ origin, allowed: false })),
  ];
  for (const { origin } of origins) {
    if (URL.parse(origin)?.origin !== origin) {
      throw new Fault('usage-invalid', `'${origin}' is no origin such as https://shop.example.com`);
    }
  }
  return {
    ...{ url: flags.url, status: flags.status, body: flags.body },
    timeoutMs: flags.within ?? answerMs,
    format: flags['body-json'] ? 'json' : undefined,
    dependencies: pairs('dependency', flags.dependency, /^([^=]+)=(.+)$/s),
    headers: expect || preset ? { expect, preset } : undefined,
    cors: origins,
  };
}

function pairs(
  flag: string,
  values: readonly string[] | undefined,
  form: RegExp,
): Record<string, string> | undefined {
  if (values === undefined) return undefined;
  return Object.fromEntries(
    values.map((text) => {
      const [, name = '', value = ''] = form.exec(text) ?? [];
      if (name !== '') return [name.trim(), value.trim()];
      const shape = flag === 'dependency' ? 'NAME=VALUE' : "'NAME: VALUE'";
      throw new Fault('usage-invalid', `--${flag} ${text}: expected ${shape}`);
    }),
  );
}
