import { isBech32 } from '../proof/bech32.ts';
import { isKeyMaterial } from '../proof/key-material.ts';
import { judgeUrl } from '../proof/url-password.ts';
import { judgeWebToken, webTokenEnd } from '../proof/web-token.ts';
import type { Shape } from './shape.ts';

/** The object identifier of content that is data, in DER. */
const dataType = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01';
/** A SEQUENCE whose length takes two bytes, three, or is told by its end. */
const derBeginning = '0(?:\x82.{2}|\x83.{3}|\x80)';

/** Private keys in their many wrappings. */
export const keyShapes: readonly Shape[] = [
  {
    id: 'google-service-account',
    title: 'a key of a Google service account',
    anchors: ['"service_account"'],
    pattern:
      /"service_account"[^{}]{1,600}?"private_key"\s{0,8}:\s{0,8}"(?<secret>-----BEGIN PRIVATE KEY-----\\n[A-Za-z0-9+/=\\]{200,4000}-----END PRIVATE KEY-----)/y,
    reach: 5_000,
    placeholders: false,
    judge: ({ groups }) =>
      isKeyMaterial((groups?.secret ?? '').replace(/-----[A-Z ]+-----/g, ''))
        ? 'verified'
        : 'likely',
    source: 'https://cloud.google.com/iam/docs/keys-create-delete',
  },
  {
    id: 'private-key',
    title: 'a private key',
    anchors: ['PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----'],
    // RFC 7468 and RFC 9580 section 6.2 text; line ends may be escaped, as in JSON. A constant
    // such as libcrypto holds has no body. Encapsulated headers (RFC 1421) hold a colon.
    pattern:
      /(?<=-----BEGIN[ _-]?(?:[A-Z0-9]{2,12}[ _-]){0,2})PRIVATE KEY(?: BLOCK)?-----(?:[\r\n \t]{1,24}|(?:\\{1,2}[nr]){1,2}|)(?:[A-Za-z-]{4,20}: [^\r\n]{0,120}[\r\n]{1,4}){0,6}(?<secret>[A-Za-z0-9+/=\s\\]{60,16000})/y,
    reach: 17_500,
    placeholders: false,
    entropy: 3,
    holdsKey: true,
    judge: (match) => (isKeyMaterial(match.groups?.secret ?? '') ? 'verified' : 'likely'),
    source: 'https://datatracker.ietf.org/doc/html/rfc7468',
    gitleaks: ['private-key'],
  },
  {
    id: 'putty-private-key',
    title: 'a private key of PuTTY',
    anchors: ['PuTTY-User-Key-File-'],
    pattern:
      /PuTTY-User-Key-File-[23]: [a-z0-9@.-]{4,40}\r?\nEncryption: (?:none|aes256-cbc)\r?\nComment: [^\r\n]{0,200}\r?\nPublic-Lines: \d{1,3}\r?\n[A-Za-z0-9+/=\r\n]{20,4000}(?:Key-Derivation: [^\r\n]{1,40}\r?\n(?:Argon2-[A-Za-z]{1,20}: [^\r\n]{1,80}\r?\n){1,6})?Private-Lines: \d{1,3}\r?\n(?<secret>[A-Za-z0-9+/=\r\n]{20,8000})/y,
    reach: 13_000,
    placeholders: false,
    judge: ([text]) => (text.includes('\nEncryption: none') ? 'verified' : 'likely'),
    source: 'https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html',
  },
  {
    id: 'pkcs12-store',
    title: 'a PKCS#12 key store',
    // RFC 7292 section 4: version 3, then a content of type data, 1.2.840.113549.1.7.1.
    anchors: [dataType],
    pattern: new RegExp(
      `(?<=${derBeginning}\x02\x01\x03${derBeginning})${dataType.replace('*', '\\*')}.{40}`,
      'sy',
    ),
    placeholders: false,
    // What is inside is sealed: it may be certificates alone.
    judge: () => 'possible',
    source: 'https://datatracker.ietf.org/doc/html/rfc7292',
  },
  {
    id: 'age-secret-key',
    title: 'an age secret key',
    anchors: ['AGE-SECRET-KEY-1'],
    pattern: /AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{58})(?![A-Z0-9])/y,
    placeholders: false,
    judge: (match) => (isBech32('age-secret-key-', match[1] ?? '') ? 'verified' : 'doubtful'),
    source: 'https://age-encryption.org/v1',
    gitleaks: ['age-secret-key'],
  },
  {
    id: 'json-web-token',
    title: 'a signed JSON Web Token',
    anchors: ['eyJ'],
    pattern:
      /(?<![\w-])(?<header>eyJ[\w-]{10,4000})\.(?<claims>eyJ[\w-]{8,6000})\.[\w-]{20,1400}(?![\w-])/y,
    reach: 11_500,
    judge: judgeWebToken,
    detail: webTokenEnd,
    source: 'https://datatracker.ietf.org/doc/html/rfc7519',
    gitleaks: ['jwt'],
  },
  {
    id: 'encoded-web-token',
    title: 'a JSON Web Token in base64',
    // The base64 of `eyJ`, wherever a token begins.
    anchors: ['ZXlK'],
    pattern: /(?<![A-Za-z0-9+/])ZXlK(?<body>[A-Za-z0-9+/]{60,6000})={0,2}/y,
    reach: 6_100,
    judge: ({ 0: text }) => {
      const token = /^(?<header>eyJ[\w-]{4,4000})\.(?<claims>eyJ[\w-]{8,6000})\.[\w-]{10,}$/.exec(
        Buffer.from(text, 'base64').toString('latin1'),
      );
      // Three parts of which two begin as JSON are a token, though one that no library would take.
      return token ? (judgeWebToken(token) ?? 'doubtful') : undefined;
    },
    source: 'https://datatracker.ietf.org/doc/html/rfc7519',
    gitleaks: ['jwt-base64'],
  },
  {
    id: 'kubeconfig-key',
    title: 'the key of a client in a kubeconfig',
    anchors: ['client-key-data:'],
    pattern: /client-key-data:\s{0,4}["']?(?<secret>[A-Za-z0-9+/]{100,8000}={0,2})/y,
    reach: 8_200,
    placeholders: false,
    holdsKey: true,
    judge: ({ groups }) =>
      Buffer.from(groups?.secret ?? '', 'base64')
        .toString('latin1')
        .includes('PRIVATE KEY-----')
        ? 'verified'
        : undefined,
    source: 'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo',
  },
];

const userInformation = /^[^\s/?#"'`<>\\@]$/;
/** By byte: whether user information may hold it. */
const isUserInformation = Array.from({ length: 256 }, (_, byte) =>
  userInformation.test(String.fromCharCode(byte)),
);
/** Bytes of user and password, with what stands between them. */
const longestUserInformation = 64 + 1 + 128;

function hasUserInformation(bytes: Uint8Array, behind: number): boolean {
  const last = behind + longestUserInformation;
  let at = behind;
  while (at <= last && isUserInformation[bytes[at] ?? 0x20]) at++;
  return bytes[at] === 0x40;
}

/** Passwords in addresses, and what passwords are stored as; after everything that tells itself. */
export const passwordShapes: readonly Shape[] = [
  {
    id: 'url-password',
    title: 'a password in a URL',
    anchors: ['://'],
    // Addresses of databases and queues, which are what Secrets hold; others are everywhere in base64.
    encodedHeads: [
      'sql',
      'postgres',
      'mariadb',
      'mongodb',
      '+srv',
      'redis',
      'rediss',
      'amqp',
      'amqps',
    ],
    chosen: true,
    // RFC 3986 section 3.2.1; brackets and braces are no part of user information but of templates
    // and of regular expressions.
    pattern:
      /(?<=(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}):\/\/(?<user>[^\s:@/?#"'`<>\\]{0,64}):(?<secret>[^\s:@/?#"'`<>\\{}[\]|^]{3,128})@(?<host>[\w.-]{1,100}|\[[0-9a-f:]{2,40}\])/y,
    glance: hasUserInformation,
    judge: judgeUrl,
    source: 'https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1',
  },
  {
    id: 'password-hash',
    title: 'the hash of a password',
    // As crypt(5) and htpasswd name them; a user name stands before the colon.
    anchors: [
      ':$1$',
      ':$5$',
      ':$6$',
      ':$y$',
      ':$gy$',
      ':$7$',
      ':$2a$',
      ':$2b$',
      ':$2y$',
      ':$apr1$',
      ':{SHA}',
    ],
    pattern:
      /(?<=(?<![^\n])[A-Za-z_][\w.@-]{0,60}):(?<secret>\$(?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|\$[56]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86}|\$(?:y|gy|7)\$[./A-Za-z0-9]{1,20}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\{SHA\}[A-Za-z0-9+/]{27}=)(?![./A-Za-z0-9])/y,
    chosen: true,
    source: 'https://manpages.debian.org/crypt.5',
  },
];
