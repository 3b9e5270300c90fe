import { X509Certificate } from 'node:crypto';
import type { Check, CheckContext } from '../../../core/check.ts';
import { wholeDays } from '../../../core/days.ts';
import type { Draft } from '../../../core/finding.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { countOf } from '../options.ts';
import { fileLocation, recipe } from '../places.ts';
import { isCertificateFile, textSize } from '../wanted.ts';
import { expired, lasting } from './samples.ts';

const id = 'image/certificate';
/** Days in which a certificate is renewed by those who renew by hand. */
const usualDays = 30;

/** Files with more hold authorities to trust, which come and go with the distribution. */
const mostInFile = 10;

/** Certificates of the application itself, in PEM. Option `days`: how long they have to hold. */
export const check: Check<Image> = {
  id,
  title: 'Certificates in the image have not run out',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Nobody renews what is built into an image. On the day its certificate runs out every copy of it fails at once, and so does the release one would go back to.',
    messages: {
      expired: '{{path}}: the certificate of {{subject}} ran out on {{end}}',
      soon: '{{path}}: the certificate of {{subject}} runs out on {{end}}, in {{days}} days',
      early: '{{path}}: the certificate of {{subject}} does not hold before {{start}}',
    },
    remediation:
      'Mount certificates from a Secret that something renews, and keep them out of the image.',
    options: { days: 'days that a certificate has to hold yet; 30 when not given' },
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[{ path: 'app/tls/server.crt', content: expired }]] }),
      findings: [{ messageId: 'expired' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[{ path: 'app/tls/server.crt', content: lasting }]] }),
      findings: [],
    },
    references: ['https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5'],
  },
  run(context) {
    requireContent(context);
    const { filesystem } = context.target;
    return [...filesystem.nodes()].flatMap((node) =>
      node.entry.type === 'file' && isCertificateFile(node.path) ? draftsOf(context, node) : [],
    );
  },
};

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g;

function draftsOf(context: CheckContext<Image>, node: FileNode): Draft[] {
  const { target, options, clock, notExamined } = context;
  const path = `/${node.path}`;
  const text = target.layers[node.layer]?.texts.get(node.index);
  if (text === undefined || node.entry.size > textSize) {
    if (node.entry.size > 0) notExamined(`certificates in ${path}`, 'the file is not kept whole');
    return [];
  }
  const blocks = text.match(block) ?? [];
  if (blocks.length > mostInFile) return [];
  const wanted = countOf(id, options, 'days') ?? usualDays;
  const now = clock.now().getTime();
  return blocks.flatMap((pem): Draft[] => {
    const certificate = parsed(pem);
    if (!certificate) {
      notExamined(`a certificate in ${path}`, 'it is none that can be parsed');
      return [];
    }
    const { validFromDate, validToDate, subject } = certificate;
    const days = wholeDays(validToDate.getTime() - now);
    const data = { path, subject: subject.replaceAll('\n', ', ').slice(0, 200) };
    const location = fileLocation(target, node);
    const [start, end] = [dayOf(validFromDate), dayOf(validToDate)];
    if (days < 0) return [{ messageId: 'expired', data: { ...data, end }, location }];
    if (validFromDate.getTime() > now)
      return [{ messageId: 'early', data: { ...data, start }, location }];
    return days < wanted
      ? [{ messageId: 'soon', severity: 'info', data: { ...data, end, days }, location }]
      : [];
  });
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
