/** What a proxy can do to a connection; the attributes are those of toxiproxy's README. */
export type Toxic =
  /** Milliseconds. */
  | { readonly type: 'latency'; readonly latency: number; readonly jitter?: number }
  /** A TCP reset after so many milliseconds. */
  | { readonly type: 'reset_peer'; readonly timeout: number }
  /** KB/s. */
  | { readonly type: 'bandwidth'; readonly rate: number }
  /** Bytes, after which the connection is closed. */
  | { readonly type: 'limit_data'; readonly bytes: number }
  /** Nothing passes; closed after so many milliseconds, 0 is never. */
  | { readonly type: 'timeout'; readonly timeout: number };

export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts open connections and refuses new ones. */
  disable(): Promise<void>;
  enable(): Promise<void>;
  /** `downstream` is what the server sends. */
  add(toxic: Toxic, stream?: 'upstream' | 'downstream'): Promise<void>;
  /** Removes every toxic and enables the proxy. */
  heal(): Promise<void>;
}

/**
 * A proxy of toxiproxy on a port of its own. The server gives a port to one proxy only, so parallel
 * test processes need to agree on nothing.
 * @param host where it listens; the host's end of the cluster's link is what pods can reach
 * @param ports first and last, as DEPLOYCHECK_TEST_FREE_PORTS has them: `20020-20099`
 */
export async function proxy(
  api: string,
  upstream: string,
  ports: string,
  host = '127.0.0.1',
): Promise<Proxy> {
  const [first = 0, last = 0] = ports.split('-').map(Number);
  const count = last - first + 1;
  const offset = Math.floor(Math.random() * count);
  for (let at = 0; at < count; at++) {
    const port = first + ((offset + at) % count);
    const listen = `${host}:${port}`;
    const body = { name: listen, listen, upstream, enabled: true };
    const response = await call(api, 'POST', '/proxies', body);
    if (response.ok) return proxyOn(api, port, `/proxies/${listen}`);
    const text = await response.text();
    const taken = response.status === 409 || text.includes('address already in use');
    if (!taken) throw new Error(`toxiproxy: ${text}`);
  }
  throw new Error(`toxiproxy: every port of ${ports} is taken`);
}

function proxyOn(api: string, port: number, path: string): Proxy {
  const ask = async (method: string, rest = '', body?: object) => {
    const response = await call(api, method, path + rest, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`toxiproxy: ${text}`);
    return text;
  };
  let toxics = 0;
  const enable = async () => void (await ask('POST', '', { enabled: true }));
  return {
    port,
    enable,
    async disable() {
      await ask('POST', '', { enabled: false });
    },
    async add({ type, ...attributes }, stream = 'downstream') {
      await ask('POST', '/toxics', { name: `${type}-${toxics++}`, type, stream, attributes });
    },
    async heal() {
      const present: { name: string }[] = JSON.parse(await ask('GET', '/toxics'));
      for (const { name } of present) await ask('DELETE', `/toxics/${name}`);
      await enable();
    },
    async [Symbol.asyncDispose]() {
      await ask('DELETE');
    },
  };
}

function call(api: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(new URL(path, api), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
