import { Readable } from 'node:stream';
import { z } from 'zod';
import { Fault, messageOf } from '../../core/fault.ts';
import { type Repository, readWhole } from '../repository/repository.ts';
import { type Rehearsal, rehearsalSchema } from '../set/reports.ts';

/** What is said about a rehearsal of a backup that another tool keeps. */
const externalRehearsalSchema = rehearsalSchema.extend({
  external: z.object({
    tool: z.string(),
    place: z.string(),
    database: z.string().describe('name in the configuration'),
    systemIdentifier: z.string().nullable().describe('of the cluster that was restored'),
    recoveredTo: z
      .object({
        lsn: z.string().nullable(),
        at: z.string().nullable().describe('the last transaction that was recovered'),
      })
      .nullable(),
    tables: z.array(z.object({ name: z.string(), rows: z.string() })),
    checks: z.array(z.string()).describe('what was run on the restored cluster'),
    unchecked: z.array(z.object({ what: z.string(), why: z.string() })),
  }),
});

export type ExternalRehearsal = Rehearsal & {
  readonly external: {
    readonly tool: string;
    readonly place: string;
    readonly database: string;
    readonly systemIdentifier: string | null;
    readonly recoveredTo: { readonly lsn: string | null; readonly at: string | null } | null;
    /** Rows as decimal digits. */
    readonly tables: readonly { readonly name: string; readonly rows: string }[];
    readonly checks: readonly string[];
    readonly unchecked: readonly { readonly what: string; readonly why: string }[];
  };
};

const folder = 'external/';
const safe = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 80) || '_';

/**
 * Keeps a report in a folder of our own: the tool's repository is not ours to write to.
 * @returns why it could not be kept
 */
export async function keepExternalRehearsal(
  reports: Repository,
  report: ExternalRehearsal,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stamp = report.at.replace(/[-:.]/g, '');
  const key = `${folder}x${safe(report.external.database)}/${stamp}-${safe(report.set)}.json`;
  const content = Readable.from([Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
  try {
    await reports.put(key, content, { owner: 'external-rehearsal' }, signal);
    return undefined;
  } catch (error) {
    if (error instanceof Fault && /^(?:repository-unwritable|objects-denied)$/.test(error.code)) {
      return messageOf(error);
    }
    throw error;
  }
}

/** Those about a database at a place, oldest first. One that cannot be read counts for nothing. */
export async function readExternalRehearsals(
  reports: Repository,
  { database, place }: { readonly database: string; readonly place: string },
  signal: AbortSignal,
): Promise<ExternalRehearsal[]> {
  const keys: string[] = [];
  for await (const { key } of reports.list(`${folder}x${safe(database)}/`, signal)) keys.push(key);
  const found: ExternalRehearsal[] = [];
  for (const key of keys) {
    const bytes = await readWhole(reports, key, signal);
    const report = bytes && parse(bytes.toString('utf8'));
    const { external } = report ?? {};
    if (report && external?.database === database && external.place === place) found.push(report);
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function parse(text: string): ExternalRehearsal | undefined {
  try {
    return externalRehearsalSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
