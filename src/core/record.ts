import { z } from 'zod';
import type { Frozen } from './frozen.ts';
import { itemIds } from './item.ts';
import { suppressors } from './suppress.ts';

/**
 * The record, schema version 1: what a run looked at, what it found, and what follows. Every report
 * is a pure function of it. `schemas/record.schema.json` is generated from the schema below.
 */
const instant = z.iso.datetime({ precision: 3 }).describe('UTC instant with milliseconds');
const severity = z.enum(['error', 'warning', 'info']);

const evidence = z
  .object({
    name: z.string().describe('file name below evidence/'),
    mediaType: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.int().nonnegative().describe('bytes'),
    obtainedAt: instant,
    how: z.string().describe('command or API call, with versions'),
  })
  .describe('a file in the run folder, known by its digest');

const location = z
  .object({
    file: z.string().optional(),
    line: z.int().positive().optional(),
    column: z.int().positive().optional(),
    path: z.string().optional().describe('path inside the document or the image'),
    layer: z.string().optional().describe('digest of the layer blob'),
    origin: z
      .object({
        layer: z.int().positive().optional().describe('number of its layer, 1 for the lowest'),
        step: z.string().optional().describe('line of the history'),
        owner: z.enum(['mine', 'base', 'unknown']),
        by: z.enum(['layers', 'history', 'nothing']).describe('what the owner is told by'),
        base: z.string().optional().describe('name of the base'),
      })
      .optional()
      .describe('the step of the build of an image'),
  })
  .describe('where a finding stands; lines and columns start at 1');

const place = z.object({ line: z.int().min(1), column: z.int().min(1) });

const fix = z
  .object({
    description: z.string(),
    edits: z.array(
      z.object({
        file: z.string(),
        from: place,
        to: place.describe('where the replaced text no longer goes'),
        text: z.string(),
      }),
    ),
  })
  .describe('edits that mend it and change nothing else of what is deployed');

const finding = z.object({
  check: z.string(),
  messageId: z.string(),
  severity,
  message: z.string(),
  location,
  object: z
    .object({
      apiVersion: z.string(),
      kind: z.string(),
      namespace: z.string().nullable(),
      name: z.string(),
    })
    .nullable(),
  evidence: z.array(evidence),
  remediation: z.string(),
  fix: fix.optional(),
  fingerprint: z.string().describe('stable over line moves'),
  waivedBy: z.string().nullable().describe('id of the waiver that covers it'),
});

const fault = z.object({
  code: z.string(),
  who: z.enum(['user', 'environment', 'peer', 'deploycheck']),
  message: z.string(),
  hint: z.string(),
  page: z.string(),
  cause: z.string().nullable(),
});

const suppressed = z.object({
  finding,
  by: z.enum(suppressors).describe('what it was suppressed by'),
  where: location.describe('where that is written'),
  reason: z.string(),
  until: z
    .string()
    .nullable()
    .describe('last day in UTC, or the moment it ends; null when it does not'),
});

const outcome = z.object({
  check: z.string(),
  target: z.string(),
  outcome: z.enum(['pass', 'findings', 'inconclusive']),
  durationMs: z.int().nonnegative(),
  fault: fault.nullable(),
});

const item = z.object({
  n: z.int().min(1),
  id: z.enum(itemIds).or(z.string()),
  title: z.string(),
  critical: z.boolean(),
  status: z.enum(['pass', 'fail', 'pending', 'waived', 'not-applicable', 'stale', 'error']),
  pendingOn: z.enum(['person', 'evidence', 'environment']).nullable(),
  reason: z.string().describe('one line for a person'),
  evidence: z.array(evidence),
  startedAt: instant,
  durationMs: z.int().nonnegative(),
  waivedBy: z.string().nullable(),
});

const waiver = z.object({
  id: z.string(),
  target: z.string().describe('item id or finding fingerprint'),
  reason: z.string(),
  owner: z.string(),
  identity: z.string().describe('who signed it'),
  until: instant,
  state: z.enum(['used', 'unused', 'expired', 'invalid', 'stale']),
  detail: z.string().describe('why the state is what it is'),
});

const signoff = z.object({
  file: z.string().describe('file name below signoffs/'),
  identity: z.string(),
  role: z.string(),
  decision: z.enum(['approve', 'reject', 'hold']),
  comment: z.string(),
  signedAt: instant,
  expiresAt: instant,
  state: z.enum(['valid', 'expired', 'invalid', 'stale']),
  detail: z.string(),
});

export const recordSchema = z
  .object({
    schemaVersion: z.literal(1),
    tool: z.object({ name: z.literal('deploycheck'), version: z.string() }),
    command: z.string(),
    startedAt: instant,
    durationMs: z.int().nonnegative(),
    verdict: z.enum(['go', 'no-go', 'pending', 'stale', 'fault']),
    gates: z.object({
      evidence: z.enum(['go', 'no-go', 'pending']),
      signoff: z.enum([
        'approved',
        'rejected',
        'held',
        'waiting',
        'stale',
        'expired',
        'invalid',
        'not-required',
      ]),
    }),
    inputs: z.array(
      z.object({
        kind: z.string(),
        digest: z.string(),
        source: z.string(),
        listing: z
          .string()
          .nullable()
          .describe('evidence file in sha256sum format whose own SHA-256 is the digest'),
      }),
    ),
    summary: z.object({
      checks: z.int().nonnegative(),
      pass: z.int().nonnegative(),
      findings: z.object({
        error: z.int().nonnegative(),
        warning: z.int().nonnegative(),
        info: z.int().nonnegative(),
      }),
      inconclusive: z.int().nonnegative(),
      skipped: z.int().nonnegative(),
    }),
    findings: z.array(finding),
    suppressed: z
      .array(suppressed)
      .optional()
      .describe('findings that count for nothing, and who said so; records of old have none'),
    outcomes: z.array(outcome),
    items: z.array(item),
    steps: z.array(
      z.object({ name: z.string(), status: z.string(), durationMs: z.int().nonnegative() }),
    ),
    measurements: z.array(
      z.object({
        name: z.string(),
        value: z.number(),
        unit: z.string(),
        limit: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        source: z.enum(['measured', 'history', 'spec', 'assumed']),
      }),
    ),
    series: z.array(
      z.object({
        name: z.string(),
        unit: z.string(),
        points: z.array(z.tuple([z.number(), z.number()])),
      }),
    ),
    notExamined: z.array(z.object({ what: z.string(), why: z.string() })),
    waivers: z.array(waiver),
    signoffs: z.array(signoff),
    data: z.record(z.string(), z.unknown()).describe('for machines; no report reads it'),
  })
  .describe('the record of one deploycheck run');

/** A record is never changed once made; views of it are new objects. */
export type RunRecord = Frozen<z.infer<typeof recordSchema>>;
export type ItemRecord = RunRecord['items'][number];
export type InputRecord = RunRecord['inputs'][number];
export type WaiverRecord = RunRecord['waivers'][number];
export type SignoffRecord = RunRecord['signoffs'][number];
