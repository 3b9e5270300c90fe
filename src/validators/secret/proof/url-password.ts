import { isPlaceholder } from '../placeholder.ts';
import type { Confidence } from '../shapes/shape.ts';

const fillerPassword =
  /^(?:pass(?:word|wd|wort|phrase)?|pwd?|secret|user(?:name)?|guest|token|key|xx+|\.+|-+|\*+|foo|bar|baz|test|xyzzy|hunter2|opensesame)\d{0,3}$/i;
/** The word itself, with signs in it that show how addresses escape them. */
const spelledPassword = /^(?:my)?pa?s{1,2}(?:w(?:or)?d)?\d{0,3}$/;
const documentationHost = /(?:^|\.)(?:example(?:\.(?:com|org|net))?|invalid|test|host(?:name)?)$/;
const loopbackHost = /^(?:localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

/** A password for a host of RFC 2606 protects nothing, and one for a loopback address this machine alone. */
export function judgeUrl(match: RegExpExecArray): Confidence | undefined {
  const { secret = '', host = '', user = '' } = match.groups ?? {};
  const bare = secret.replace(/%[0-9a-f]{2}|[^a-z0-9]/gi, '').toLowerCase();
  if (fillerPassword.test(secret) || spelledPassword.test(bare)) return undefined;
  if (documentationHost.test(host)) return undefined;
  if (isPlaceholder(user)) return undefined;
  return loopbackHost.test(host) ? 'doubtful' : 'likely';
}
