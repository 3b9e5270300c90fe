import type { Check } from '../core/check.ts';
import { Fault } from '../core/fault.ts';
import type { RunRecord } from '../core/record.ts';
import { nearest } from '../core/suggest.ts';
import { writeWhole } from '../core/write-whole.ts';
import type { ReportFormat, ReportOptions, RuleInfo } from '../report/format.ts';
import { formats } from '../report/registry.ts';

/** A report that goes to a file: `--output NAME=FILE`. */
interface FileOutput {
  readonly format: ReportFormat;
  readonly file: string;
}

export interface OutputPlan {
  /** What stdout gets. */
  readonly format: ReportFormat;
  readonly files: readonly FileOutput[];
  readonly verbose: boolean;
  readonly color: boolean;
}

/** @throws Fault `usage-invalid` before anything ran, so that a misspelt format costs no run. */
export function planOutput(flags: {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly verbose: boolean;
  readonly color: boolean;
}): OutputPlan {
  const files = (flags.output ?? []).map((text): FileOutput => {
    const at = text.indexOf('=');
    if (at < 1 || at === text.length - 1) {
      throw new Fault(
        'usage-invalid',
        `--output ${text}: expected NAME=FILE, such as html=report.html`,
      );
    }
    return { format: formatNamed(text.slice(0, at)), file: text.slice(at + 1) };
  });
  return { ...flags, format: formatNamed(flags.format), files };
}

function formatNamed(name: string): ReportFormat {
  const format = formats.find((candidate) => candidate.name === name);
  if (format) return format;
  const names = formats.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new Fault(
    'usage-invalid',
    `there is no report format '${name}'; ${near ? `did you mean '${near}'?` : `expected ${names.join(', ')}`}`,
  );
}

/** Writes the reports of a record: files first, then stdout. */
export async function writeReports(
  record: RunRecord,
  plan: OutputPlan,
  checks: readonly Check[],
): Promise<void> {
  const options: ReportOptions = {
    color: plan.color,
    width: process.stdout.columns ?? 100,
    verbose: plan.verbose,
    rules: checks.map(ruleInfo),
  };
  for (const { format, file } of plan.files) {
    await writeWhole(file, format.render(record, { ...options, color: false }));
  }
  process.stdout.write(plan.format.render(record, options));
}

function ruleInfo({ id, title, severity, meta }: Check): RuleInfo {
  const { why, remediation, references } = meta;
  return { id, title, severity, why, remediation, references, page: `docs/rules/${id}.md` };
}
