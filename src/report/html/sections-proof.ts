import type { RunRecord } from '../../core/record.ts';
import { instantText } from '../instants.ts';
import { bytesText } from '../quantity-text.ts';
import { evidenceFiles } from './evidence-list.ts';
import { html, preformatted } from './markup.ts';
import type { SectionMaker } from './section.ts';
import { table } from './table.ts';

export const inputsSection: SectionMaker = ({ inputs }) => {
  if (inputs.length === 0) return null;
  const rows = inputs.map(({ kind, source, digest, listing }) => [
    kind,
    html`<code>${source}</code>`,
    html`<code>${digest}</code>`,
    listing === null ? '' : html`<code>evidence/${listing}</code>`,
  ]);
  const columns = [
    { head: 'Kind', kind: 'small-column' },
    { head: 'Source' },
    { head: 'Digest' },
    { head: 'Listing', kind: 'medium-column' },
  ] as const;
  return { id: 'inputs', title: 'Inputs', count: inputs.length, body: table(columns, rows) };
};

export const evidenceSection: SectionMaker = (record) => {
  const files = evidenceFiles(record);
  if (files.length === 0) return null;
  const columns = [
    { head: 'File', kind: 'medium-column' },
    { head: 'SHA-256' },
    { head: 'Size', kind: 'number small-column' },
    { head: 'How obtained' },
    { head: 'When', kind: 'small-column' },
  ] as const;
  const rows = files.map((file) => [
    html`<code>${file.name}</code>`,
    html`<code>${file.sha256}</code>`,
    bytesText(file.size),
    file.how,
    instantText(file.obtainedAt),
  ]);
  return { id: 'evidence', title: 'Evidence', count: files.length, body: table(columns, rows) };
};

/** The same proof without deploycheck: GNU coreutils and OpenSSH are enough. */
export const verifySection: SectionMaker = (record) => ({
  id: 'verify',
  title: 'How to verify by hand',
  count: null,
  body: html`<p>In the folder of this run, with the file of allowed signers that your team keeps:</p>
<pre tabindex="0">${preformatted(verifyCommands(record))}</pre>`,
});

function verifyCommands({ signoffs, inputs }: RunRecord): string[] {
  const listings = inputs.flatMap(({ listing, digest }) =>
    listing === null
      ? []
      : [`sha256sum ${quote(`evidence/${listing}`)}`, `# gives ${digest.replace(/^sha256:/, '')}`],
  );
  const signatures = signoffs.map(({ file, identity }) => {
    const path = quote(`signoffs/${file}`);
    return signatureCommand(quote(identity), quote(`signoffs/${file}.sig`), path);
  });
  return [
    'sha256sum -c SHA256SUMS',
    ...listings,
    ...(signatures.length > 0 ? signatures : [signatureCommand('<identity>', 'FILE.sig', 'FILE')]),
  ];
}

function signatureCommand(identity: string, signature: string, file: string): string {
  return `ssh-keygen -Y verify -f allowed_signers -I ${identity} -n signoff@deploycheck -s ${signature} < ${file}`;
}

/** One word for a POSIX shell, whatever the text holds. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
