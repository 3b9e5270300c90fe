import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftsOfScan, scanMessages } from '../drafts.ts';
import { examplePassword } from '../example-password.ts';
import { pastKey } from '../history.ts';
import type { FileSet } from '../load.ts';
import { commitsOf, pastDraft, pastHits } from '../past-drafts.ts';

export const check: Check<FileSet> = {
  id: 'secret/in-files',
  title: 'No credentials in files',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'fileSet',
  meta: {
    why: 'Whoever can read the repository or the build context holds every credential in it, and keeps it after the file is gone. The files as they stand are read, binary ones too, and the history of the repository when that is asked for; what is packed inside archives is not.',
    messages: {
      ...scanMessages,
      'allow-problem': '{{what}} of {{file}} allows nothing: {{why}}',
    },
    remediation:
      'Revoke the credential first, because it must be taken as known; then read it at run time from the environment or a mounted file.',
    bad: {
      language: 'text',
      text: `registry = "npm"\nurl = "postgres://shop:${examplePassword}@db.shop.svc:5432/shop"\n`,
      findings: [{ messageId: 'secret', line: 2, column: 16 }],
    },
    good: {
      language: 'text',
      text: 'registry = "npm"\nurl = "postgres://shop:{{password}}@db.shop.svc:5432/shop"\n',
      findings: [],
    },
    references: [
      'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
      'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
      'https://datatracker.ietf.org/doc/html/rfc7468',
    ],
    waivable: false,
    suppressible: true,
  },
  run({ target, notExamined }) {
    const { history, unread } = target;
    for (const { path, why } of [...unread, ...(history?.unread ?? [])]) notExamined(path, why);
    return [
      ...problemDrafts(target),
      ...liveDrafts(target),
      ...pastHits(target).flatMap((past) => pastDraft(past) ?? []),
      ...moreInHistory(target),
    ];
  },
};

function liveDrafts(target: FileSet): Draft[] {
  const commits = commitsOf(target);
  return target.files.flatMap(({ path, secrets }) => {
    const place = { name: path, location: { file: path }, isFile: true };
    if (commits.size === 0) return draftsOfScan(secrets, place);
    const drafts = secrets.hits.flatMap((hit) => {
      const commit = commits.get(pastKey(path, hit));
      const name = commit === undefined ? path : `${path} (since commit ${commit})`;
      return draftsOfScan({ hits: [hit], leftOut: 0 }, { ...place, name });
    });
    return [...drafts, ...draftsOfScan({ hits: [], leftOut: secrets.leftOut }, place)];
  });
}

function moreInHistory({ history, name }: FileSet): Draft[] {
  const count = history?.leftOut ?? 0;
  const data = { count, place: `the history of ${name}` };
  return count === 0 ? [] : [{ messageId: 'more-secrets', location: {}, data }];
}

/** What is not understood of the files that allow findings, said once each. */
function problemDrafts({ allowance, files }: FileSet): Draft[] {
  const slow = new Set(files.flatMap(({ secrets }) => secrets.slow ?? []));
  const late = [...slow].flatMap((index) => {
    const list = allowance.lists[index];
    const why = 'a pattern of it took too long and was stopped';
    return list ? [{ file: list.file, line: list.line, what: 'an allow rule', why }] : [];
  });
  return [...allowance.problems, ...late].map(({ file, line, what, why }) => ({
    messageId: 'allow-problem',
    severity: 'warning',
    data: { file, what, why },
    location: { file, line },
  }));
}
