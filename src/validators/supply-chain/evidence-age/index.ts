import type { Check, CheckContext } from '../../../core/check.ts';
import { wholeDays } from '../../../core/days.ts';
import type { Draft } from '../../../core/finding.ts';
import type { EvidenceDocument } from '../document.ts';
import { type ImageEvidence, trusted } from '../evidence.ts';
import { documents, imageDigest } from '../example-documents.ts';
import { latest } from '../narrow.ts';
import { durationOf } from '../options.ts';

const id = 'supply-chain/evidence-age';

const report = (built: string) => ({
  matches: [],
  source: { type: 'image', target: { imageID: imageDigest } },
  descriptor: {
    name: 'grype',
    version: '0.100.0',
    timestamp: '1970-01-01T00:00:00Z',
    db: { status: { built } },
  },
});

export const check: Check<ImageEvidence> = {
  id,
  title: 'The vulnerability scan is recent, and so was its database',
  severity: 'error',
  critical: true,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'New vulnerabilities in old software become known every day. A report is as good as the day it was made on, and no better than the database behind it, which some scanners use silently when it is stale.',
    messages: {
      'scan-old': 'the image was scanned {{days}} days ago; {{limit}} are allowed',
      'database-old':
        'the database was {{days}} days old when the image was scanned; {{limit}} are allowed',
      'catalogue-old': 'the catalogue was released {{days}} days ago; {{limit}} are allowed',
      future: 'it is dated {{date}}, which is yet to come',
    },
    remediation:
      'Update the database and scan the image again; `trivy version --format json` beside the report of Trivy tells the age of its database.',
    options: {
      scanMaxAge: 'how old a scan may be; 7d by default',
      databaseMaxAge: 'how old its database may have been; 5d by default',
    },
    bad: {
      language: 'evidence',
      text: documents({ 'grype.json': report('1969-12-01T00:00:00Z') }),
      findings: [{ messageId: 'database-old' }],
    },
    good: {
      language: 'evidence',
      text: documents({ 'grype.json': report('1969-12-31T00:00:00Z') }),
      findings: [],
    },
    references: [
      'https://trivy.dev/latest/docs/configuration/db/',
      'https://github.com/anchore/grype#grype-s-database',
    ],
  },
  run(context) {
    const limits = {
      scan: durationOf(id, context.options, 'scanMaxAge', '7d'),
      database: durationOf(id, context.options, 'databaseMaxAge', '5d'),
    };
    const believed = trusted(context.target);
    const scans = believed.filter(({ vulnerabilities }) => vulnerabilities !== null);
    if (scans.length === 0) {
      context.notExamined(context.target.image.name, 'there is no vulnerability scan to date');
    }
    const catalogues = believed.filter(({ exploited }) => exploited.length > 0);
    return [
      ...scans.flatMap((scan) => ageDrafts(context, scan, believed, limits)),
      ...catalogues.flatMap(({ file, databaseBuiltAt }) => {
        const age = databaseBuiltAt && context.clock.now().getTime() - databaseBuiltAt.getTime();
        return age !== null && age > limits.scan
          ? [old('catalogue-old', file, age, limits.scan)]
          : [];
      }),
    ];
  },
};

/** Clocks of two machines may differ by this much, in milliseconds. */
const tolerance = 3_600_000;

function ageDrafts(
  context: CheckContext<ImageEvidence>,
  scan: EvidenceDocument,
  believed: readonly EvidenceDocument[],
  limits: { readonly scan: number; readonly database: number },
): Draft[] {
  const { file, madeAt } = scan;
  const now = context.clock.now().getTime();
  const built = databaseOf(scan, believed);
  const dated = latest([madeAt, built]);
  if (dated && dated.getTime() > now + tolerance) {
    return [{ messageId: 'future', data: { date: dated.toISOString() }, location: { file } }];
  }
  // A scan without a date is no younger than its database.
  const scanned = madeAt ?? built;
  if (scanned === null) {
    context.notExamined(file, 'it does not say when the image was scanned');
    return [];
  }
  const age = now - scanned.getTime();
  if (age > limits.scan) return [old('scan-old', file, age, limits.scan)];
  if (madeAt === null) return [];
  if (built) {
    const databaseAge = madeAt.getTime() - built.getTime();
    return databaseAge > limits.database
      ? [old('database-old', file, databaseAge, limits.database)]
      : [];
  }
  // A database that knows of a change on Monday was not built before Monday.
  const newest = latest((scan.vulnerabilities ?? []).map(({ changedAt }) => changedAt));
  if (!newest || madeAt.getTime() - newest.getTime() > limits.database) {
    const add = scan.databaseOf === 'trivy' ? '; add `trivy version --format json`' : '';
    context.notExamined(file, `it does not say how old its database was${add}`);
  }
  return [];
}

/** Its own word, or that of a file about the tool's database; that one must not be of a later day. */
function databaseOf(scan: EvidenceDocument, believed: readonly EvidenceDocument[]): Date | null {
  if (scan.databaseBuiltAt || scan.databaseOf === null) return scan.databaseBuiltAt;
  const before = scan.madeAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return latest(
    believed.flatMap(({ databaseOf: of, databaseBuiltAt, vulnerabilities }) =>
      of === scan.databaseOf && vulnerabilities === null && databaseBuiltAt !== null
        ? databaseBuiltAt.getTime() <= before + tolerance
          ? [databaseBuiltAt]
          : []
        : [],
    ),
  );
}

function old(messageId: string, file: string, age: number, limit: number): Draft {
  return {
    messageId,
    data: { days: wholeDays(age), limit: wholeDays(limit) },
    location: { file },
    // The days grow while the finding stays the same.
    identity: file,
  };
}
