import { z } from 'zod';

const causeSchema = z.object({ type: z.string(), field: z.string(), message: z.string() });

/** One line that the module answers; see kube-rules/protocol.go. */
export const answerSchema = z.object({
  verdict: z.enum(['accepted', 'rejected', 'unknown-kind', 'not-served', 'known', 'internal']),
  /** HTTP status that a server would answer with. */
  code: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  causes: z.array(causeSchema).default([]),
  warnings: z.array(z.string()).default([]),
  security: z.array(z.object({ reason: z.string(), detail: z.string().default('') })).default([]),
  policies: z
    .array(
      z.object({
        policy: z.string(),
        binding: z.string(),
        actions: z.array(z.string()).default([]),
        reason: z.string(),
        message: z.string(),
      }),
    )
    .default([]),
  notEvaluated: z.array(z.string()).default([]),
});

export type Answer = z.infer<typeof answerSchema>;
export type Cause = z.infer<typeof causeSchema>;

/** One line of input. */
export type Request =
  | { readonly op: 'know'; readonly doc: unknown }
  | { readonly op: 'settings'; readonly settings: ClusterSettings }
  | {
      readonly op: 'check';
      readonly doc: unknown;
      /** What was applied before; then the update is judged. */
      readonly old?: unknown;
      /** Namespace of an object that names none. */
      readonly ns: string;
      readonly security?: string;
      readonly securityVersion?: string;
    };

/** What a server was started with; what is left out is not judged. */
export interface ClusterSettings {
  readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[] | undefined;
  readonly serviceCIDRs?: readonly string[] | undefined;
  /** First and last. */
  readonly nodePorts?: readonly [number, number] | undefined;
  readonly allowPrivileged?: boolean | undefined;
}
