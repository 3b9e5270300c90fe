import { z } from 'zod';
import { parseYaml, type YamlDocument } from '../../config/yaml-source.ts';
import type { Clock } from '../../core/clock.ts';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import type { Finding, ObjectRef } from '../../core/finding.ts';
import { readSmall } from '../../core/read-small.ts';
import { fingerprintAnchor, type Suppression } from '../../core/suppress.ts';
import { writeWhole } from '../../core/write-whole.ts';

const entry = z.strictObject({
  rule: z.string().min(1),
  object: z.string(),
  message: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{32}(?:-\d+)?$/),
  since: z.iso.date(),
});
const baselineFile = z.strictObject({ baseline: z.literal(1), findings: z.array(entry) });

type Entry = z.infer<typeof entry>;

export interface Baseline {
  readonly file: string;
  readonly entries: readonly Entry[];
  readonly suppressions: readonly Suppression[];
}

/**
 * Findings that were there before.
 * @param file the path to open
 * @param shown as findings name it
 * @throws Fault `input-missing`, `baseline-invalid`
 */
export async function readBaseline(file: string, shown: string): Promise<Baseline> {
  const text = await read(file, shown);
  if (text === undefined) throw new Fault('input-missing', `the baseline ${shown} is not there`);
  const entries = parse(text, shown);
  // JSON is YAML; only what is said of an entry wants its place.
  let document: YamlDocument | undefined;
  const at = (index: number) => {
    document ??= parseYaml(text)[0];
    return { file: shown, ...document?.locate(['findings', index]) };
  };
  return {
    file: shown,
    entries,
    suppressions: entries.map(({ rule, fingerprint, since }, index) => ({
      by: 'baseline',
      rule,
      reason: `in the baseline since ${since}`,
      until: null,
      anchors: [fingerprintAnchor(fingerprint)],
      where: () => at(index),
      name: 'the baseline',
    })),
  };
}

/** Undefined when it is not there. */
async function read(file: string, shown: string): Promise<string | undefined> {
  try {
    return (await readSmall(file)).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Fault('baseline-invalid', `${shown} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function parse(text: string, shown: string): readonly Entry[] {
  const parsed = baselineFile.safeParse(json(text, shown));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.') || 'the file';
    throw new Fault('baseline-invalid', `${shown}: ${at}: ${issue?.message}`);
  }
  const { findings } = parsed.data;
  const seen = new Set<string>();
  for (const { fingerprint } of findings) {
    if (seen.has(fingerprint)) {
      throw new Fault('baseline-invalid', `${shown}: ${fingerprint} is there twice`);
    }
    seen.add(fingerprint);
  }
  return findings;
}

function json(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('baseline-invalid', `${shown} is no JSON`, { cause: error });
  }
}

/**
 * Writes the findings of a run as a baseline. What the file held before keeps its day, so that writing
 * again what did not change gives the same bytes.
 * @throws Fault `baseline-invalid` for a file that is there and is none, `output-unwritable`
 */
export async function writeBaseline(
  file: string,
  findings: readonly Finding[],
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  const before = await read(file, file);
  const known = new Map(
    (before === undefined ? [] : parse(before, file)).map((one) => [one.fingerprint, one.since]),
  );
  const today = clock.now().toISOString().slice(0, 10);
  const entries = findings
    .map(({ check, object, location, message, fingerprint }): Entry => {
      const since = known.get(fingerprint) ?? today;
      const about = object ? objectText(object) : (location.file ?? location.path ?? '');
      return { rule: check, object: about, message, fingerprint, since };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const text = `${JSON.stringify({ baseline: 1, findings: entries }, null, 2)}\n`;
  await writeWhole(file, text);
}

const keyOf = ({ rule, object, fingerprint }: Entry): string =>
  [rule, object, fingerprint].join('\0');

const objectText = ({ kind, namespace, name }: ObjectRef): string =>
  [kind, ...(namespace === null ? [] : [namespace]), name].join('/');
