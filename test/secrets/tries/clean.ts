import { linesFrom } from './containers.ts';

const hex = '0123456789abcdef';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Lines of files that nobody has to hide, and that look as if. */
export function cleanText(random: () => number): string {
  const of = (length: number, characters: string) =>
    Array.from({ length }, () => characters[Math.floor(random() * characters.length)]).join('');
  const lines = [
    `commit ${of(40, hex)}`,
    `sha256:${of(64, hex)}`,
    `"integrity": "sha512-${of(86, base64)}=="`,
    `id: ${[8, 4, 4, 4, 12].map((length) => of(length, hex)).join('-')}`,
    `data:image/png;base64,${of(400 + Math.floor(random() * 4000), base64)}`,
    `password: \${DB_PASSWORD_${of(4, hex)}}`,
    `token: "{{ .Values.token${of(4, hex)} }}"`,
    `TOKEN_FILE=/run/secrets/${of(8, hex)}`,
    `AKIA${'EXAMPLE'.repeat(2)}${of(2, 'AB')}`,
    `postgres://user:password@db.example.com/${of(6, hex)}`,
    `-----BEGIN PUBLIC KEY-----\n${of(64, base64)}\n-----END PUBLIC KEY-----`,
    `ghp_${'x'.repeat(36)}`,
    `api_key: <${of(8, hex)}>`,
    `https://registry.shop.svc:5000/${of(8, hex)}@sha256:${of(64, hex)}`,
    `var ${of(1, 'abc')}=function(){return"${of(12, base64)}"}`,
  ];
  const chosen = lines.filter(() => random() < 0.6);
  return `${linesFrom(random)}${chosen.join('\n')}\n${linesFrom(random)}`;
}
