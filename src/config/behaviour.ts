import { z } from 'zod';
import { duration, secretReference, urlPath } from './scalars.ts';

const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional();

const token = secretReference.optional();

const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'the name of a header');

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
  method: method.describe('what the preflight asks for, default GET'),
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
  expired: token.describe('bearer token that was good once'),
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
  bypassHeaders: z
    .array(headerName)
    .optional()
    .describe('headers such as X-Forwarded-For that must not help who is limited'),
});

const idempotency = z.strictObject({
  path: urlPath,
  method: method.describe('default POST'),
  header: headerName.optional().describe('header of the key, default Idempotency-Key'),
  body: z.record(z.string(), z.unknown()).describe('JSON of a request that is accepted'),
  token: token.describe('bearer token of the requests'),
});

const injection = z
  .strictObject({
    path: urlPath.describe('may hold {value}'),
    method: method.describe('default GET'),
    body: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('JSON of a request that is accepted, with {value} where a hostile value goes'),
    token: token.describe('bearer token of the requests'),
  })
  .refine(
    ({ path, body }) => `${path}${JSON.stringify(body ?? '')}`.includes('{value}'),
    '{value} in path or body',
  );

const scenarioRequest = z.strictObject({
  path: urlPath,
  method: method.describe('default GET'),
  headers: z.record(headerName, z.string()).optional(),
  body: z.unknown().optional().describe('sent as JSON'),
  status: z.int().min(100).max(599).optional().describe('expected HTTP status, default any 2xx'),
  match: z.string().optional().describe('text or regular expression the body must match'),
  json: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('by dotted path into the JSON body, what it must be; null for nothing'),
  keep: z
    .record(
      z.string().regex(/^[A-Za-z_]\w*$/, 'a name of letters, digits, underscores'),
      z.string(),
    )
    .optional()
    .describe('by name, the dotted path of what later steps write as {name}'),
});

const mostSteps = 100;

const scenario = z.strictObject({
  name: z.string().min(1).describe('what it shows'),
  token: token.describe('bearer token of its requests'),
  steps: z
    .array(
      z.union([
        scenarioRequest,
        z.strictObject({ restart: z.literal(true).describe('replaces all pods of the service') }),
      ]),
    )
    .min(1, 'at least one step')
    .max(mostSteps, `at most ${mostSteps} steps`),
});

/** Each is asked where it is declared and nowhere else, of the release in its sandbox. */
export const behaviour = z
  .strictObject({
    headers: z.array(headers).optional(),
    cors: z.array(cors).optional(),
    authentication: z.array(authentication).optional(),
    rateLimit: z.array(rateLimit).optional(),
    idempotency: z.array(idempotency).optional(),
    injection: z.array(injection).optional(),
    scenarios: z.array(scenario).optional(),
  })
  .describe('what the service does beyond being healthy');

export type BehaviourConfig = z.infer<typeof behaviour>;
