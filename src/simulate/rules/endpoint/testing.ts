import type { EndpointSeen } from '../../endpoint.ts';

/** A good answer, but for what a test gives. */
export function endpointOf(parts: Partial<EndpointSeen> = {}): EndpointSeen {
  return {
    kind: 'service',
    name: 'https://shop.example/readyz',
    source: 'https://shop.example/readyz',
    digest: `sha256:${'0'.repeat(64)}`,
    expectedStatus: 200,
    expectedBody: null,
    status: 200,
    bodyMatches: null,
    json: null,
    dependencies: [],
    headers: null,
    cors: [],
    body: 'ok',
    durationMs: 20,
    tlsDaysLeft: 60,
    error: null,
    ...parts,
  };
}
