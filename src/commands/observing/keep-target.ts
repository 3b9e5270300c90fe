import type { Loaded } from '../../checklist/targets/loaded.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { redactDeep } from '../../core/redact.ts';
import type { Target } from '../../core/target.ts';
import type { CommandContext } from '../base.ts';

/** Keeps what was observed as evidence, so that its judgement can be made again. */
export async function keepTarget(
  { redact, command }: CommandContext,
  evidence: EvidenceSink,
  name: string,
  target: Target,
): Promise<Loaded> {
  const content = `${JSON.stringify(redactDeep(target, redact), null, 2)}\n`;
  const kept = await evidence.add({ name, mediaType: 'application/json', content, how: command });
  return { kind: target.kind, source: target.source, target, evidence: kept };
}
