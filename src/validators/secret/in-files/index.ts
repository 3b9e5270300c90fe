import type { Check } from '../../../core/check.ts';
import { draftsOfScan, scanMessages } from '../drafts.ts';
import { examplePassword } from '../example-password.ts';
import type { FileSet } from '../load.ts';

export const check: Check<FileSet> = {
  id: 'secret/in-files',
  title: 'No credentials in files',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'fileSet',
  meta: {
    why: 'Whoever can read the repository or the build context holds every credential in it, and keeps it after the file is gone. The files as they stand are read, binary ones too; the history of the repository and what is packed inside archives are not.',
    messages: scanMessages,
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
  },
  run({ target, notExamined }) {
    for (const { path, why } of target.unread) notExamined(path, why);
    return target.files.flatMap(({ path, secrets }) =>
      draftsOfScan(secrets, { name: path, location: { file: path }, isFile: true }),
    );
  },
};
