import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { EndpointSeen } from '../../endpoint.ts';

/** Days before the end of a certificate at which it should have been renewed. */
const renewDays = 14;

/** A URL answers as it should. */
export const check: Check<EndpointSeen> = {
  id: 'simulation/endpoint',
  title: 'An endpoint answers as asked for',
  severity: 'error',
  critical: false,
  item: 'simulation',
  appliesTo: 'service',
  meta: {
    why: 'What answers wrongly, or with a certificate about to end, is down for its users, whatever its pods say.',
    messages: {
      'no-answer': '{{url}} gives no answer: {{error}}',
      'wrong-status': '{{url}} answers {{status}} instead of {{expected}}: {{body}}',
      'wrong-body': '{{url}} does not answer {{expected}} but {{body}}',
      'certificate-ending': 'the certificate of {{url}} ends in {{days}} days',
    },
    remediation: 'Look at the log of the service; renew a certificate well before its last weeks.',
    bad: {
      language: 'observation',
      text: '{ "status": 503, "body": "no database" }\n',
      findings: [{ messageId: 'wrong-status' }],
    },
    good: { language: 'observation', text: '{ "status": 200 }\n', findings: [] },
    references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  },
  run({ target }) {
    const { name: url, status, expectedStatus, expectedBody, bodyMatches, tlsDaysLeft } = target;
    const body = target.body === '' ? 'nothing' : target.body.replaceAll(/\s+/g, ' ');
    const found = (messageId: string, data: Record<string, string | number>): Draft => {
      return { messageId, data: { url, ...data }, identity: url, location: {} };
    };
    if (status === null) return [found('no-answer', { error: target.error ?? 'unknown' })];
    const drafts: Draft[] = [];
    if (status !== expectedStatus) {
      drafts.push(found('wrong-status', { status, expected: expectedStatus, body }));
    } else if (bodyMatches === false) {
      drafts.push(found('wrong-body', { expected: expectedBody ?? '', body }));
    }
    if (tlsDaysLeft !== null && tlsDaysLeft < renewDays) {
      const ending = found('certificate-ending', { days: tlsDaysLeft });
      drafts.push({ ...ending, severity: 'warning' });
    }
    return drafts;
  },
};
