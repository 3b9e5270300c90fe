import { isJsonType, type UrlAnswer } from './health.ts';

/** What is wrong with an answer; the id is of {@link answerMessages} or of the rule's own. */
export interface Problem {
  readonly messageId: string;
  readonly data: Readonly<Record<string, string | number>>;
  /** Tells it from others about the same address. */
  readonly about?: string;
}

type Answer = Omit<UrlAnswer, 'tlsDaysLeft' | 'durationMs'> & {
  readonly expectedStatus: number;
  readonly expectedBody: string | null;
};

/** Messages of what an answer says beside status and text, for `where` of a service or a URL. */
export const answerMessages = {
  'not-json': '{{where}} does not answer JSON but {{body}}',
  'wrong-type':
    '{{where}} answers JSON as {{mediaType}}; send content-type: application/json with it',
  dependency: '{{where}} says {{dependency}} is {{found}} instead of {{expected}}',
  'dependency-missing': '{{where}} says nothing of {{dependency}}, which should be {{expected}}',
} as const;

/** Days before the end of a certificate at which it should have been renewed. */
const renewDays = 14;

/** @param daysLeft null without TLS */
export const isEnding = (daysLeft: number | null): daysLeft is number =>
  daysLeft !== null && daysLeft < renewDays;

/** The gravest first; `where` is left to the caller. */
export function answerProblems(answer: Answer): Problem[] {
  const { status, expectedStatus, expectedBody, bodyMatches, json, error } = answer;
  if (status === null) return [{ messageId: 'no-answer', data: { error: error ?? 'unknown' } }];
  const body = answer.body === '' ? 'nothing' : answer.body.replaceAll(/\s+/g, ' ');
  if (status !== expectedStatus) {
    const wrong = { messageId: 'wrong-status', data: { status, expected: expectedStatus, body } };
    // A page that is no answer of the service says nothing of what it needs.
    return [wrong, ...dependencyProblems(answer).filter(({ data }) => 'found' in data)];
  }
  const problems: Problem[] = [];
  if (bodyMatches === false) {
    problems.push({ messageId: 'wrong-body', data: { expected: expectedBody ?? '', body } });
  }
  if (json?.parses === false) return [...problems, { messageId: 'not-json', data: { body } }];
  if (json && !isJsonType(json.mediaType)) {
    const mediaType = json.mediaType ?? 'no content-type';
    problems.push({ messageId: 'wrong-type', data: { mediaType } });
  }
  return [...problems, ...dependencyProblems(answer)];
}

function dependencyProblems({ dependencies }: Answer): Problem[] {
  return dependencies.flatMap(({ name, expected, found }): Problem[] => {
    if (found === expected) return [];
    const data = { dependency: name, expected };
    return found === null
      ? [{ messageId: 'dependency-missing', data, about: name }]
      : [{ messageId: 'dependency', data: { ...data, found }, about: name }];
  });
}
