/** Docker Hub's references name another host than the one that serves them. */
const hub = { name: 'docker.io', host: 'registry-1.docker.io' } as const;

/** `scheme://host:port` of a registry. */
export function originOf(registry: string, insecure: readonly string[]): string {
  const host = registry === hub.name ? hub.host : registry;
  return `${mayBePlain(host, insecure) ? 'http' : 'https'}://${host}`;
}

/** Whether a host may be spoken to without TLS: nobody listens between us and a loopback address. */
function mayBePlain(host: string, insecure: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '');
  const isLoopback = name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
  return isLoopback || insecure.includes(host) || insecure.includes(name);
}

/**
 * A URL that a server sends us to; undefined when it may not be followed: over TLS always, without
 * only from a server that was spoken to without, and only to a host that may be.
 */
export function permittedUrl(
  text: string,
  from: URL,
  insecure: readonly string[],
): URL | undefined {
  const url = URL.parse(text, from.href);
  if (url === null || url.username + url.password !== '') return undefined;
  if (url.protocol === 'https:') return url;
  const mayStay = from.protocol === 'http:' && url.protocol === 'http:';
  return mayStay && mayBePlain(url.host, insecure) ? url : undefined;
}
