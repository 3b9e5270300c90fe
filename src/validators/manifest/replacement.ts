import { groupOf, kindOf, parentOf } from './kind-key.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { KubernetesApi } from './schema-pool.ts';

/**
 * The kind to write instead of another: what was announced where all targets serve it (some of that is
 * gone itself), otherwise the same kind as they do, first of its own group.
 */
export function replacementOf(
  key: string,
  { replacement }: Lifecycle,
  apis: readonly KubernetesApi[],
): string | undefined {
  const inAll = (other: string): boolean =>
    apis.every(({ kinds }) => kinds.get(other)?.byDefault === true);
  if (replacement !== undefined && inAll(replacement)) return replacement;
  const kind = kindOf(key);
  const same = [...(apis[0]?.kinds.keys() ?? [])].filter(
    (other) => other !== key && kindOf(other) === kind && inAll(other),
  );
  const group = groupOf(parentOf(key));
  const own = same.filter((other) => groupOf(parentOf(other)) === group).sort(newestFirst);
  return own[0] ?? same[0];
}

/** The replacement as the end of a sentence. */
export function insteadText(
  key: string,
  lifecycle: Lifecycle,
  apis: readonly KubernetesApi[],
): string {
  const found = replacementOf(key, lifecycle, apis);
  if (found === undefined) return '';
  return `; use ${parentOf(found)}${kindOf(found) === kindOf(key) ? '' : ` ${kindOf(found)}`}`;
}

/** `v2` before `v1` before `v1beta2`, as the API server prefers them. */
function newestFirst(a: string, b: string): number {
  const [one, other] = [a, b].map((key) => {
    const [, major = '0', stage, count = '0'] =
      /\/?v(\d+)(?:(alpha|beta)(\d+))?$/.exec(parentOf(key)) ?? [];
    const stages = ['alpha', 'beta', undefined];
    return [stages.indexOf(stage), Number(major), Number(count)];
  });
  const at = one?.findIndex((value, index) => value !== other?.[index]) ?? -1;
  return at === -1 ? 0 : (other?.[at] ?? 0) - (one?.[at] ?? 0);
}
