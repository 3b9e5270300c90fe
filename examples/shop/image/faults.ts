import { createHash, createPrivateKey } from 'node:crypto';
import { textEntry } from './entries.ts';
import type { LayerPlan } from './layer.ts';

/** Random characters in the shape of a token: it opens nothing, and no file of ours holds it. */
const fakeToken = (prefix: string, length: number): string =>
  prefix + createHash('sha512').update(prefix).digest('base64').replace(/\W/g, '').slice(0, length);

/** A real Ed25519 key that belongs to nobody, made from a fixed seed to keep builds alike. */
function throwawayKey(): string {
  const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const seed = createHash('sha256').update('shop v3').digest();
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Environment of an image is readable by everyone who can pull it. */
export const faultyEnv: readonly string[] = [`PAYMENTS_TOKEN=${fakeToken('sk_live_', 24)}`];

/** Stays in the image although a later layer deletes the file. */
export const leakedLayer: LayerPlan = {
  createdBy: 'COPY .env /app/',
  entries: [
    textEntry('/app/.env', `GITLAB_TOKEN=${fakeToken('glpat-', 20)}\n${throwawayKey()}`, 0o600),
  ],
};

export const faultyLayers: readonly LayerPlan[] = [
  { createdBy: 'RUN rm /app/.env', entries: [textEntry('/app/.wh..env', '')] },
  {
    createdBy: 'RUN chmod 4755 /usr/local/bin/helper',
    entries: [textEntry('/usr/local/bin/helper', '#!/bin/sh\nexec "$@"\n', 0o4755)],
  },
];
