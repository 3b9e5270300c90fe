import { z } from 'zod';
import { duration, secretReference, urlPath } from './scalars.ts';

const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional();

const token = secretReference.optional();

export const healthProbe = z.strictObject({
  path: urlPath,
  status: z.int().min(100).max(599).optional().describe('expected HTTP status, default 200'),
  body: z.string().optional().describe('text or regular expression the body must match'),
  format: z.literal('json').optional().describe('the body must be JSON and say so'),
  dependencies: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('by dotted path into the JSON body, what it must say'),
});

const headers = z
  .strictObject({
    path: urlPath,
    expect: z
      .record(z.string(), z.string())
      .optional()
      .describe('by name of a header, its value, a part of it, or a regular expression'),
    preset: z.literal('security').optional().describe('headers that keep browsers from attacks'),
  })
  .refine(
    (entry) => entry.expect !== undefined || entry.preset !== undefined,
    'expect, preset: security, or both',
  );

const cors = z.strictObject({
  path: urlPath,
  origin: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, 'an origin such as https://shop.example.com')
    .describe('origin of the page that asks'),
  allowed: z.boolean().describe('whether its pages may read the answers'),
  credentials: z.boolean().optional().describe('whether they may with cookies'),
});

const authentication = z.strictObject({
  path: urlPath,
  method: method.describe('default GET'),
  token: token.describe('bearer token that is let in, as env: or file: reference'),
  wrongRole: token.describe('good bearer token of somebody who may not'),
});

/** So that no more than a thousand requests are sent, with a tenth on top. */
const mostRequests = 900;

const rateLimit = z.strictObject({
  path: urlPath,
  requests: z
    .int('a whole number of requests')
    .min(1, 'at least one request')
    .max(mostRequests, `at most ${mostRequests} requests`)
    .describe('how many are let through'),
  within: duration,
});

const idempotency = z.strictObject({
  path: urlPath,
  method: method.describe('default POST'),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'the name of a header')
    .optional()
    .describe('header of the key, default Idempotency-Key'),
  body: z.record(z.string(), z.unknown()).describe('JSON of a request that is accepted'),
  token: token.describe('bearer token of the requests'),
});

/** Each is asked where it is declared and nowhere else, of the release in its sandbox. */
export const behaviour = z
  .strictObject({
    headers: z.array(headers).optional(),
    cors: z.array(cors).optional(),
    authentication: z.array(authentication).optional(),
    rateLimit: z.array(rateLimit).optional(),
    idempotency: z.array(idempotency).optional(),
  })
  .describe('what the service does beyond being healthy');

export type BehaviourConfig = z.infer<typeof behaviour>;
