import { isDeepStrictEqual } from 'node:util';
import type { Finding, Fix } from '../core/finding.ts';
import { separateFixes, withEdits } from './fixes.ts';

/** A text after its fixes were made. */
export interface Mended {
  readonly text: string;
  /** Of what was done, in order. */
  readonly descriptions: readonly string[];
}

/** How often a text is judged. A fix takes one or two of them; only hostile texts have fixes that never hold. */
const maxJudgements = 256;

/**
 * Makes the fixes of one file, as often as there are any. What is made has to take its findings away and to bring
 * none of any rule; what does not is left out. So a text that was mended has nothing left to mend.
 * @param judge the findings in a form of the text
 */
export async function mend(
  text: string,
  judge: (text: string) => Promise<readonly Finding[]>,
): Promise<Mended> {
  let left = maxJudgements;
  const tried = async (form: Form, fixes: readonly Fix[]): Promise<Form | undefined> => {
    if (left === 0) return undefined;
    left -= 1;
    const edited = withEdits(
      form.text,
      fixes.flatMap(({ edits }) => edits),
    );
    const findings = await judge(edited);
    return isMended(form.findings, findings, fixes) ? { text: edited, findings } : undefined;
  };
  /** The most of some fixes that hold beside those that were found to. */
  const holding = async (
    form: Form,
    chosen: readonly Fix[],
    more: readonly Fix[],
  ): Promise<readonly Fix[]> => {
    if (more.length === 0 || (await tried(form, [...chosen, ...more]))) return [...chosen, ...more];
    if (more.length === 1) return chosen;
    const half = more.length >> 1;
    return holding(form, await holding(form, chosen, more.slice(0, half)), more.slice(half));
  };
  let form: Form = { text, findings: await judge(text) };
  const descriptions: string[] = [];
  for (;;) {
    const fixes = await holding(form, [], separateFixes(form.findings));
    const next = fixes.length === 0 ? undefined : await tried(form, fixes);
    if (!next) return { text: form.text, descriptions };
    descriptions.push(...fixes.map(({ description }) => description));
    form = next;
  }
}

interface Form {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Whether each rule finds less by what was to be mended of it, at least. */
function isMended(
  before: readonly Finding[],
  after: readonly Finding[],
  fixes: readonly Fix[],
): boolean {
  const found = Map.groupBy(after, ({ check }) => check);
  const rules = Map.groupBy(before, ({ check }) => check);
  const isMeant = ({ fix }: Finding) => fixes.some((one) => isDeepStrictEqual(one, fix));
  return (
    [...rules].every(
      ([rule, findings]) =>
        (found.get(rule)?.length ?? 0) <= findings.length - findings.filter(isMeant).length,
    ) && [...found.keys()].every((rule) => rules.has(rule))
  );
}
