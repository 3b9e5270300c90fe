import type { Confidence } from '../shapes/shape.ts';

/** RFC 7519: undefined for what is none, is not signed, or is the sample that countless documents repeat. */
export function judgeWebToken(match: RegExpExecArray): Confidence | undefined {
  const header = parseBase64Json(match.groups?.header ?? '');
  const claims = parseBase64Json(match.groups?.claims ?? '');
  if (typeof header?.alg !== 'string' || header.alg.toLowerCase() === 'none') return undefined;
  // The subject of the sample token on jwt.io.
  if (claims === undefined || claims.sub === '1234567890') return undefined;
  return 'verified';
}

/** When it ends (RFC 7519 section 4.1.4), in words; it says nothing of whether the issuer still takes it. */
export function webTokenEnd(token: string): string | undefined {
  const { exp } = parseBase64Json(token.split('.')[1] ?? '') ?? {};
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp < 0 || exp > 1e11) return undefined;
  const end = new Date(exp * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `that says it ends at ${end} UTC`;
}

function parseBase64Json(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
