import { ageAlphabet, hex } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/keys.ts`. */
export const keySamples = ({ noise, webToken, privateKey, longKey }: SampleMaker): Samples => ({
  'google-service-account': {
    positive: [
      JSON.stringify(
        { type: 'service_account', project_id: 'shop', private_key: longKey },
        null,
        2,
      ),
    ],
    negative: [
      JSON.stringify({ type: 'service_account', private_key: '-----BEGIN PRIVATE KEY-----' }),
    ],
  },
  'private-key': {
    positive: [
      privateKey,
      JSON.stringify({ private_key: privateKey }),
      privateKey.replaceAll('\n', '\r\n'),
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${noise(640)}\n-----END RSA PRIVATE KEY-----`,
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${noise(400)}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    negative: [
      '-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n',
      privateKey.replaceAll('PRIVATE', 'PUBLIC'),
    ],
  },
  'putty-private-key': {
    positive: [
      `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a key\nPublic-Lines: 2\n${noise(64)}\n${noise(12)}\nPrivate-Lines: 1\n${noise(48)}\nPrivate-MAC: ${noise(64, hex)}\n`,
    ],
    negative: ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
  },
  'pkcs12-store': {
    positive: [
      `\x30\x82\x09\x10\x02\x01\x03\x30\x82\x08\xd6\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01${noise(64)}`,
    ],
    negative: [`\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01${noise(64)}`],
  },
  'age-secret-key': {
    positive: [`AGE-SECRET-KEY-1${noise(58, ageAlphabet)}`],
    negative: ['AGE-SECRET-KEY-1QPZRY'],
  },
  'json-web-token': {
    positive: [webToken({ alg: 'HS256' }, { sub: 'shop', exp: 1 })],
    negative: [
      webToken({ alg: 'none' }, { sub: 'shop' }),
      webToken({ alg: 'HS256' }, { sub: '1234567890', name: 'John Doe' }),
      webToken({ typ: 'JWT' }, { sub: 'shop' }),
    ],
  },
  'encoded-web-token': {
    positive: [Buffer.from(webToken({ alg: 'HS256' }, { sub: 'shop' })).toString('base64')],
    negative: [`ZXlK${noise(80)}`, btoa(`eyJ${noise(40)}`)],
  },
  'kubeconfig-key': {
    positive: [`    client-key-data: ${Buffer.from(privateKey).toString('base64')}`],
    negative: [`    client-key-data: ${noise(200)}`, '    client-key-data: REDACTED'],
  },
  'url-password': {
    positive: ['postgres://shop:mB7-wq2_Zt9@db.shop.svc:5432/shop'],
    negative: [
      `postgres://shop:\${PASSWORD}@db.shop.svc/shop`,
      'postgres://shop:$PASSWORD@db.shop.svc/shop',
      'postgres://shop:{{password}}@db.shop.svc/shop',
      'https://user:password@proxy.shop.svc',
      'https://joe:Wq2Zt9@www.example.com',
      'http://localhost:8080/@scope',
      'http://registry.shop.svc:5000/a@sha256',
    ],
  },
  'password-hash': {
    positive: [
      `\nshop:$6$${noise(16)}$${noise(86)}:19000:0:99999:7:::`,
      `\nshop:$y$j9T$${noise(22)}$${noise(43)}:`,
      `\nshop:$2y$05$${noise(53)}`,
      `\nshop:$apr1$${noise(8)}$${noise(22)}`,
      `\nshop:{SHA}${noise(27)}=`,
    ],
    negative: ['\nroot:*:19000:0:99999:7:::', '\nshop:x:1000:1000::/home:/bin/sh', 'price:$6$'],
  },
});
