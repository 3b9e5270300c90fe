import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256Hex } from '../core/digest.ts';
import type { InputRecord } from '../core/record.ts';

/**
 * What people sign: in-toto Statements v1 (github.com/in-toto/attestation, spec/v1/statement.md),
 * one JSON file each, signed as exact bytes.
 */
const statementType = 'https://in-toto.io/Statement/v1';

const predicateTypes = {
  signoff: 'urn:deploycheck:attestation:signoff:v1',
  waiver: 'urn:deploycheck:attestation:waiver:v1',
} as const;

const instant = z.iso.datetime({ precision: 3 });

const subject = z.object({
  name: z.string(),
  digest: z.record(z.string(), z.string().regex(/^[0-9a-f]+$/)),
});

export const signoffStatement = z.object({
  _type: z.literal(statementType),
  subject: z.array(subject).min(1),
  predicateType: z.literal(predicateTypes.signoff),
  predicate: z.object({
    run: z.string(),
    decision: z.enum(['approve', 'reject', 'hold']),
    role: z.string(),
    identity: z.string(),
    comment: z.string(),
    signedAt: instant,
    expiresAt: instant,
    /** Digest of the allowed_signers file the signer saw. */
    allowedSigners: z.string(),
    nonce: z.string(),
  }),
});

export const waiverStatement = z.object({
  _type: z.literal(statementType),
  subject: z.array(subject).min(1),
  predicateType: z.literal(predicateTypes.waiver),
  predicate: z.object({
    id: z.string(),
    /** An item id or a finding's fingerprint. */
    target: z.string(),
    reason: z.string().min(1),
    owner: z.string().min(1),
    role: z.string(),
    identity: z.string(),
    signedAt: instant,
    until: instant,
    nonce: z.string(),
  }),
});

export type SignoffStatement = z.infer<typeof signoffStatement>;
export type WaiverStatement = z.infer<typeof waiverStatement>;
export type Decision = SignoffStatement['predicate']['decision'];

type Subject = z.infer<typeof subject>;

/** `sha256:…` and `sha1:…` of the record become in-toto digest sets; a commit is a gitCommit. */
export function subjectsOfInputs(inputs: readonly InputRecord[]): Subject[] {
  return inputs.map(({ kind, source, digest }) => {
    const [algorithm = 'sha256', hex = ''] = digest.split(':');
    return { name: source, digest: { [kind === 'commit' ? 'gitCommit' : algorithm]: hex } };
  });
}

export function newSignoff(
  recordText: string,
  inputs: readonly InputRecord[],
  predicate: Omit<SignoffStatement['predicate'], 'nonce'>,
): string {
  const record = { name: 'record.json', digest: { sha256: sha256Hex(recordText) } };
  return serialize({
    _type: statementType,
    subject: [record, ...subjectsOfInputs(inputs)],
    predicateType: predicateTypes.signoff,
    predicate: { ...predicate, nonce: nonce() },
  } satisfies SignoffStatement);
}

/** @param inputs what an item waiver is bound to; empty for a finding, whose fingerprint binds it. */
export function newWaiver(
  inputs: readonly InputRecord[],
  predicate: Omit<WaiverStatement['predicate'], 'nonce'>,
): string {
  const finding = {
    name: `finding/${predicate.target}`,
    digest: { sha256: sha256Hex(predicate.target) },
  };
  return serialize({
    _type: statementType,
    subject: inputs.length > 0 ? subjectsOfInputs(inputs) : [finding],
    predicateType: predicateTypes.waiver,
    predicate: { ...predicate, nonce: nonce() },
  } satisfies WaiverStatement);
}

function serialize(statement: SignoffStatement | WaiverStatement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}

function nonce(): string {
  return randomBytes(16).toString('hex');
}

/** The statement in a text, or undefined when it is not one of that form. */
export function parseStatement<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
