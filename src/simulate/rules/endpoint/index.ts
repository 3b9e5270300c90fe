import type { Check } from '../../../core/check.ts';
import { answerMessages, answerProblems, isEnding, type Problem } from '../../answer-problems.ts';
import { corsMessages, corsProblems } from '../../behaviour/cors-problems.ts';
import { headerMessages, headerProblems } from '../../behaviour/header-problems.ts';
import type { EndpointSeen } from '../../endpoint.ts';
import { drafts } from '../behaviours.ts';

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
      'no-answer': '{{where}} gives no answer: {{error}}',
      'wrong-status': '{{where}} answers {{status}} instead of {{expected}}: {{body}}',
      'wrong-body': '{{where}} does not answer {{expected}} but {{body}}',
      ...answerMessages,
      ...headerMessages,
      ...corsMessages,
      'certificate-ending': 'the certificate of {{where}} ends in {{days}} days',
    },
    remediation:
      'Look at the log of the service; set headers where it makes its answers; renew a certificate well before its last weeks.',
    bad: {
      language: 'observation',
      text: '{ "status": 503, "body": "no database" }\n',
      findings: [{ messageId: 'wrong-status' }],
    },
    good: { language: 'observation', text: '{ "status": 200 }\n', findings: [] },
    references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  },
  run({ target }) {
    const { name: url, tlsDaysLeft, headers, cors } = target;
    const problems: Problem[] = answerProblems(target);
    if (target.status === null) return drafts(url, problems);
    problems.push(...(headers ? headerProblems(headers) : []), ...cors.flatMap(corsProblems));
    if (!isEnding(tlsDaysLeft)) return drafts(url, problems);
    const ending = { messageId: 'certificate-ending', data: { days: tlsDaysLeft } };
    const warned = drafts(url, [ending]).map(
      (draft) => ({ ...draft, severity: 'warning' }) as const,
    );
    return [...drafts(url, problems), ...warned];
  },
};
