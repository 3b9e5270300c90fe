import { judgeGeneric } from '../proof/generic-value.ts';
import type { Shape } from './shape.ts';

/** A value without a shape, given to a name that says secret; the last resort, and a warning. */
export const genericShapes: readonly Shape[] = [
  {
    id: 'generic-secret',
    title: 'a value that its name calls a secret',
    anchors: [
      ...[
        'password',
        'PASSWORD',
        'Password',
        'passwd',
        'PASSWD',
        'Passwd',
        'passphrase',
        'PASSPHRASE',
      ],
      ...['secret', 'SECRET', 'Secret', 'token', 'TOKEN', 'Token'],
      ...[
        'api_key',
        'API_KEY',
        'apikey',
        'APIKEY',
        'apiKey',
        'ApiKey',
        'Api_Key',
        'api-key',
        'Api-Key',
      ],
      ...['access_key', 'ACCESS_KEY', 'accessKey', 'AccessKey', 'access-key', 'accesskey'],
      ...['auth_key', 'AUTH_KEY', 'authKey', 'AuthKey', 'auth-key'],
      ...['private_key', 'PRIVATE_KEY', 'privateKey', 'PrivateKey', 'private-key'],
      ...[
        'encryption_key',
        'ENCRYPTION_KEY',
        'encryptionKey',
        'signing_key',
        'SIGNING_KEY',
        'signingKey',
      ],
      ...['credential', 'CREDENTIAL', 'Credential', 'creds', 'CREDS', '_auth', '_AUTH'],
    ],
    assigned: true,
    pattern: /^[\w.+/=~-]{12,200}$/,
    entropy: 3.5,
    chosen: true,
    judge: judgeGeneric,
    source: 'https://cwe.mitre.org/data/definitions/798.html',
    gitleaks: ['generic-api-key'],
  },
];
