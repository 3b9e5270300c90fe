import type { Check } from '../../../core/check.ts';
import type { Problem } from '../../answer-problems.ts';
import type { RateLimitSeen } from '../../behaviour/seen.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Paths that deploycheck.yaml declares as limited refuse what is too much. */
export const check: Check<Simulation> = {
  id: 'simulation/rate-limit',
  title: 'Too many requests are refused, with the time to wait',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A limit that is not in force shows on the day it is needed; a client that is not told how long to wait asks again at once.',
    messages: {
      'no-answer': noAnswer,
      unlimited:
        '{{where}} answers {{answered}} requests in {{seconds}} s and limits none; refuse with 429 after {{requests}} in {{within}} s',
      'no-retry-after': '{{where}} answers 429 without Retry-After; send the seconds to wait',
      'wrong-retry-after':
        '{{where}} answers 429 with Retry-After: {{found}}; send whole seconds or an HTTP date',
      bypassed:
        '{{where}} answers {{status}} to who is limited and sends {{header}}; take addresses from trusted proxies only',
    },
    remediation:
      'See that the limiter is in front of this route and counts what it should; answer 429 with Retry-After.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "rate-limit", "service": "shop", "path": "/login", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "requests": 20, "withinMs": 60000, "planned": 22, "answered": 22,
        "limited": false, "retryAfter": null, "durationMs": 140, "error": null, "bypasses": []
      }
    }
  ]
}
`,
      findings: [{ messageId: 'unlimited' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "rate-limit", "service": "shop", "path": "/login", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "requests": 20, "withinMs": 60000, "planned": 22, "answered": 21,
        "limited": true, "retryAfter": "60", "durationMs": 140, "error": null, "bypasses": []
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://www.rfc-editor.org/rfc/rfc6585#section-4',
      'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'rate-limit', problemsOf);
  },
};

function problemsOf(seen: RateLimitSeen, open: (why: string) => void): Problem[] {
  const { requests, withinMs, planned, answered, limited, retryAfter, durationMs, error } = seen;
  if (limited) return [...delayProblems(retryAfter), ...bypassProblems(seen, open)];
  if (answered === 0) return [{ messageId: 'no-answer', data: { error: error ?? 'unknown' } }];
  if (answered < planned) {
    const why = error === null ? `${withinMs / 1000} s were too short` : error;
    open(`${answered} of ${planned} requests were answered: ${why}`);
    return [];
  }
  const data = { answered, seconds: durationMs / 1000, requests, within: withinMs / 1000 };
  return [{ messageId: 'unlimited', data }];
}

function delayProblems(retryAfter: string | null): Problem[] {
  if (retryAfter === null) return [{ messageId: 'no-retry-after', data: {} }];
  if (isDelay(retryAfter)) return [];
  return [{ messageId: 'wrong-retry-after', data: { found: retryAfter } }];
}

function bypassProblems({ bypasses }: RateLimitSeen, open: (why: string) => void): Problem[] {
  return bypasses.flatMap(({ header, status, error }): Problem[] => {
    if (status === null) open(`no answer with ${header}: ${error}`);
    if (status === null || status === 429) return [];
    return [{ messageId: 'bypassed', data: { header, status }, about: header }];
  });
}

/** Whole seconds or an HTTP-date; Date.parse alone would take `1.5` for a day in January. */
const isDelay = (text: string): boolean =>
  /^\d+$/.test(text) || (/ GMT$/.test(text) && !Number.isNaN(Date.parse(text)));
