import type { Problem } from '../answer-problems.ts';
import { isGood } from './asking.ts';
import type { CorsAnswer, CorsSeen } from './seen.ts';

/** Messages about cross-origin requests, for `where` of a service or a URL. */
export const corsMessages = {
  'origin-refused':
    '{{where}} does not let {{origin}} in: its {{request}} gets {{status}} and {{sent}}; send access-control-allow-origin: {{origin}}',
  'origin-allowed':
    '{{where}} lets {{origin}} read its answers ({{sent}}); send it to origins that are allowed only',
  'credentials-refused':
    '{{where}} does not let {{origin}} send cookies; send access-control-allow-credentials: true and no wildcard',
  'credentials-allowed':
    '{{where}} lets {{origin}} send cookies; leave access-control-allow-credentials out',
  'wildcard-credentials':
    '{{where}} allows every origin together with cookies; name the origins that are allowed',
} as const;

/** What browsers make of the answers (Fetch standard, section 3.3.5), against what was declared. */
export function corsProblems({ origin, allowed, credentials, answers }: CorsSeen): Problem[] {
  const silent = answers.find(({ status }) => status === null);
  if (silent) return [{ messageId: 'no-answer', data: { error: silent.error ?? 'unknown' } }];
  const problem = (messageId: string, data: Problem['data'] = {}): Problem => {
    return { messageId, data: { origin, ...data }, about: origin };
  };
  const problems: Problem[] = [];
  const both = ({ allowOrigin, allowCredentials }: CorsAnswer) =>
    allowOrigin === '*' && allowCredentials === 'true';
  if (answers.some(both)) problems.push(problem('wildcard-credentials'));

  const lets = ({ allowOrigin }: CorsAnswer) => allowOrigin === '*' || allowOrigin === origin;
  if (!allowed) {
    const [granting] = answers.filter(lets);
    if (granting) problems.push(problem('origin-allowed', { sent: sentText(granting) }));
    return problems;
  }
  const refusing = answers.find(
    (answer) => !lets(answer) || (answer.request === 'preflight' && !isGood(answer.status)),
  );
  if (refusing) {
    const { request, status } = refusing;
    const data = { request, status: status ?? 0, sent: sentText(refusing) };
    return [...problems, problem('origin-refused', data)];
  }
  const cookies = ({ allowOrigin, allowCredentials }: CorsAnswer) =>
    allowOrigin === origin && allowCredentials === 'true';
  if (credentials === true && !answers.every(cookies)) {
    problems.push(problem('credentials-refused'));
  }
  if (credentials === false && answers.some(cookies)) problems.push(problem('credentials-allowed'));
  return problems;
}

const sentText = ({ allowOrigin }: CorsAnswer): string =>
  allowOrigin === null
    ? 'no access-control-allow-origin'
    : `access-control-allow-origin: ${allowOrigin}`;
