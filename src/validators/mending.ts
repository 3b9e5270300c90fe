import type { Finding, Fix } from '../core/finding.ts';
import { separateFixes, withEdits } from './fixes.ts';

/** A text after its fixes were made. */
export interface Mended {
  readonly text: string;
  /** Of what was done, in order. */
  readonly descriptions: readonly string[];
}

/** How often a text is judged: once for all fixes that hold. Only hostile texts have hundreds that do not. */
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
  const holding = async (form: Form, held: Step, more: readonly Fix[]): Promise<Step> => {
    if (more.length === 0) return held;
    const fixes = [...held.fixes, ...more];
    const next = await tried(form, fixes);
    if (next) return { fixes, form: next };
    if (more.length === 1) return held;
    const half = more.length >> 1;
    return holding(form, await holding(form, held, more.slice(0, half)), more.slice(half));
  };
  let form: Form = { text, findings: await judge(text) };
  const descriptions: string[] = [];
  for (;;) {
    const step = await holding(form, { fixes: [], form }, separateFixes(form.findings));
    if (step.fixes.length === 0) return { text: form.text, descriptions };
    descriptions.push(...step.fixes.map(({ description }) => description));
    form = step.form;
  }
}

/** Fixes, and what became of a text by them. */
interface Step {
  readonly fixes: readonly Fix[];
  readonly form: Form;
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
  // One fix may be that of several findings.
  const meant = new Set(fixes.map(keyOf));
  const isMeant = ({ fix }: Finding) => fix !== undefined && meant.has(keyOf(fix));
  return (
    [...rules].every(
      ([rule, findings]) =>
        (found.get(rule)?.length ?? 0) <= findings.length - findings.filter(isMeant).length,
    ) && [...found.keys()].every((rule) => rules.has(rule))
  );
}

const keyOf = ({ edits }: Fix): string => JSON.stringify(edits);
