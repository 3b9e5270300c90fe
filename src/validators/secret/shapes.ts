import { crc32 } from 'node:zlib';

/**
 * `verified`: a checksum or structure inside the value holds, so chance is ruled out. `likely`: the
 * shape alone speaks for it. `doubtful`: the checksum does not hold or the place is harmless; shown
 * as a warning, because issuers have changed their formats before.
 */
export type Confidence = 'verified' | 'likely' | 'doubtful';

/** What one kind of credential looks like. */
export interface Shape {
  readonly id: string;
  /** Completes the sentence "… found": "a GitHub token". */
  readonly title: string;
  /** Byte strings of which one stands where `pattern` begins; they carry the whole search. */
  readonly anchors: readonly string[];
  /**
   * Sticky, tried at the anchor on Latin-1 text. Every repeat is bounded and no two neighbouring
   * repeats accept the same character, so that it takes linear time. The group `secret`, or else the
   * whole match, is the value.
   */
  readonly pattern: RegExp;
  /** Bytes from the anchor on that the pattern may need. */
  readonly reach: number;
  /** Bits per character (Shannon) below which the value is a placeholder. */
  readonly entropy?: number;
  /** False for values in which long runs are normal; otherwise placeholders are left out. */
  readonly placeholders?: false;
  /** True when a person chose the value: then not one character of it is shown. */
  readonly chosen?: true;
  /** Judges a match; undefined says it is no secret at all. Default `likely`. */
  readonly judge?: (match: RegExpExecArray) => Confidence | undefined;
}

const ordinaryReach = 512;

/** In order of preference: of two overlapping hits the earlier shape is reported. */
export const shapes: readonly Shape[] = [
  {
    id: 'private-key',
    title: 'a private key',
    anchors: ['PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----'],
    // RFC 7468 and RFC 9580 section 6.2 text; line ends may be escaped, as in JSON. A constant
    // such as libcrypto holds has no body. Encapsulated headers (RFC 1421) hold a colon.
    pattern:
      /(?<=-----BEGIN (?:[A-Z0-9]{2,12} ){0,2})PRIVATE KEY(?: BLOCK)?-----(?:[\r\n]{1,4}|(?:\\{1,2}[nr]){1,2}| )(?:[A-Za-z-]{4,20}: [^\r\n]{0,120}[\r\n]{1,4}){0,6}(?<secret>[A-Za-z0-9+/=\s\\]{60,16000})/y,
    reach: 17_500,
    placeholders: false,
    entropy: 3,
    judge: (match) => (isKeyMaterial(match.groups?.secret ?? '') ? 'verified' : 'likely'),
  },
  {
    id: 'github-token',
    title: 'a GitHub token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /(?<![A-Za-z0-9])gh[pousr]_([A-Za-z0-9]{36})(?![A-Za-z0-9])/y,
    reach: ordinaryReach,
    judge: (match) => checksumConfidence(match[1] ?? ''),
  },
  {
    id: 'github-fine-grained-token',
    title: 'a GitHub fine-grained token',
    anchors: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'gitlab-token',
    title: 'a GitLab token',
    anchors: ['glpat-', 'gldt-', 'glrt-'],
    pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt)-[\w-]{20,300}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7,9})?/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'aws-access-key-id',
    title: 'an AWS access key id',
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?<![A-Za-z0-9+/_])A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9+/_=])/y,
    reach: ordinaryReach,
    entropy: 2.8,
  },
  {
    id: 'aws-secret-access-key',
    title: 'an AWS secret access key',
    anchors: ['aws_secret_access_key', 'AWS_SECRET_ACCESS_KEY', 'ecretAccessKey'],
    pattern:
      /(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY|ecretAccessKey)["']?\s{0,3}[:=]\s{0,3}["']?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'slack-token',
    title: 'a Slack token',
    anchors: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-'],
    pattern: /(?<![A-Za-z0-9])xox[abpr]-(?:\d{8,14}-){1,3}[A-Za-z0-9]{18,48}(?![A-Za-z0-9])/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'slack-webhook',
    title: 'a Slack webhook address',
    anchors: ['hooks.slack.com/services/T'],
    pattern: /hooks\.slack\.com\/services\/(?<secret>T\w{7,12}\/B\w{7,12}\/\w{20,28})(?!\w)/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'stripe-key',
    title: 'a Stripe live key',
    anchors: ['sk_live_', 'rk_live_'],
    pattern: /(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{20,247}(?![A-Za-z0-9])/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'google-api-key',
    title: 'a Google API key',
    anchors: ['AIza'],
    pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'npm-token',
    title: 'an npm token',
    anchors: ['npm_'],
    pattern: /(?<![A-Za-z0-9_])npm_([A-Za-z0-9]{36})(?![A-Za-z0-9_])/y,
    reach: ordinaryReach,
    entropy: 3,
    judge: (match) => checksumConfidence(match[1] ?? ''),
  },
  {
    id: 'pypi-token',
    title: 'a PyPI token',
    // The constant is the base64 of the macaroon's version and its location "pypi.org".
    anchors: ['pypi-AgEIcHlwaS5vcmc'],
    pattern: /pypi-AgEIcHlwaS5vcmc[\w-]{50,300}/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'docker-token',
    title: 'a Docker Hub token',
    anchors: ['dckr_pat_', 'dckr_oat_'],
    pattern: /(?<![A-Za-z0-9])dckr_[po]at_[\w-]{27,32}(?![\w-])/y,
    reach: ordinaryReach,
    entropy: 3,
  },
  {
    id: 'sendgrid-key',
    title: 'a SendGrid key',
    anchors: ['SG.'],
    pattern: /(?<![A-Za-z0-9])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'anthropic-key',
    title: 'an Anthropic key',
    anchors: ['sk-ant-'],
    pattern: /(?<![A-Za-z0-9])sk-ant-[a-z]{3,10}\d{2}-[\w-]{80,120}(?![\w-])/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'openai-key',
    title: 'an OpenAI key',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    pattern: /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin)-(?=[\w-]{20,200}T3BlbkFJ)[\w-]{40,300}/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'azure-storage-key',
    title: 'an Azure storage key',
    anchors: ['AccountKey='],
    // 64 bytes in base64: 86 digits and two pads (RFC 4648 section 4).
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'vault-token',
    title: 'a Vault token',
    anchors: ['hvs.', 'hvb.'],
    pattern: /(?<![A-Za-z0-9])hv[sb]\.[\w-]{90,300}/y,
    reach: ordinaryReach,
    entropy: 3.5,
  },
  {
    id: 'age-secret-key',
    title: 'an age secret key',
    anchors: ['AGE-SECRET-KEY-1'],
    pattern: /AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{58})(?![A-Z0-9])/y,
    reach: ordinaryReach,
    judge: (match) => (isBech32('age-secret-key-', match[1] ?? '') ? 'verified' : 'doubtful'),
  },
  {
    id: 'json-web-token',
    title: 'a signed JSON Web Token',
    anchors: ['eyJ'],
    pattern:
      /(?<![\w-])(?<header>eyJ[\w-]{10,1000})\.(?<claims>eyJ[\w-]{8,6000})\.[\w-]{20,1400}(?![\w-])/y,
    reach: 8_500,
    judge: judgeWebToken,
  },
  {
    id: 'url-password',
    title: 'a password in a URL',
    anchors: ['://'],
    chosen: true,
    // RFC 3986 section 3.2.1; brackets and braces are no part of user information but of templates
    // and of regular expressions.
    pattern:
      /(?<=(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}):\/\/(?<user>[^\s:@/?#"'`<>\\]{0,64}):(?<secret>[^\s:@/?#"'`<>\\{}[\]|^]{3,128})@(?<host>[\w.-]{1,100}|\[[0-9a-f:]{2,40}\])/y,
    reach: ordinaryReach,
    judge: judgeUrl,
  },
];

const placeholder =
  /example|placeholder|redacted|dummy|change_?me|your[_-]|^\$\w+$|\$[{(]|\{\{|<\w|%(?:s|\()|[*.]{3}|(.)\1{5}|0123456789|1234567890|abcdefghij/i;

/** Whether a value stands for a secret instead of being one: documentation, template or filler. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value);
}

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters of {@link checksumConfidence}'s tokens. */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * GitHub and npm end their tokens with the CRC-32 of the characters before, in base 62.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
function checksumConfidence(body: string): Confidence {
  return base62Checksum(body.slice(0, -6)) === body.slice(-6) ? 'verified' : 'doubtful';
}

/** Whether base64 text begins as DER (a SEQUENCE of plausible length) or as OpenSSH's own format. */
function isKeyMaterial(text: string): boolean {
  const base64 = text.replace(/\\[nr]|\s|\\/g, '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.subarray(0, 14).toString('latin1') === 'openssh-key-v1') return true;
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const total = length < 0x80 ? 2 + length : 2 + (length & 0x7f) + longLength(bytes, length & 0x7f);
  return total === bytes.length;
}

/** X.690 section 8.1.3.5: the long form of a DER length. */
function longLength(bytes: Buffer, count: number): number {
  return count >= 1 && count <= 4 && bytes.length > 2 + count ? bytes.readUIntBE(2, count) : 0;
}

function judgeWebToken(match: RegExpExecArray): Confidence | undefined {
  const header = parseBase64Json(match.groups?.header ?? '');
  const claims = parseBase64Json(match.groups?.claims ?? '');
  if (typeof header?.alg !== 'string' || header.alg.toLowerCase() === 'none') return undefined;
  // The subject of the sample token on jwt.io, which countless documents repeat.
  if (claims === undefined || claims.sub === '1234567890') return undefined;
  return 'verified';
}

function parseBase64Json(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const fillerPassword =
  /^(?:pass(?:word|wd|wort|phrase)?|pwd?|secret|user(?:name)?|guest|token|key|xx+|\.+|-+|\*+|foo|bar|baz|test|xyzzy|hunter2)\d{0,3}$/i;
const documentationHost = /(?:^|\.)(?:example(?:\.(?:com|org|net))?|invalid|test|host(?:name)?)$/;
const loopbackHost = /^(?:localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

function judgeUrl(match: RegExpExecArray): Confidence | undefined {
  const { secret = '', host = '', user = '' } = match.groups ?? {};
  if (fillerPassword.test(secret) || documentationHost.test(host)) return undefined;
  if (isPlaceholder(user)) return undefined;
  return loopbackHost.test(host) ? 'doubtful' : 'likely';
}

const bech32Digits = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const bech32Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173: the six last digits are a BCH checksum over prefix and data. */
function isBech32(prefix: string, data: string): boolean {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  const values = [
    ...codes.map((code) => code >> 5),
    0,
    ...codes.map((code) => code & 31),
    ...[...data.toLowerCase()].map((character) => bech32Digits.indexOf(character)),
  ];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    bech32Generator.forEach((term, bit) => {
      if ((top >> bit) & 1) check ^= term;
    });
  }
  return check === 1;
}

/** The shapes as patterns for a redactor: whatever looks like a token is hidden, sound or not. */
export function tokenPatterns(): RegExp[] {
  return shapes
    .filter((shape) => !shape.chosen)
    .map(({ pattern }) => new RegExp(pattern.source, pattern.flags.replace('y', 'g')));
}
