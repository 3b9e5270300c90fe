import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { answerMessages, answerProblems, isEnding } from '../../answer-problems.ts';
import type { Simulation } from '../../observation.ts';

/** The health endpoints of deploycheck.yaml answer as declared. */
export const check: Check<Simulation> = {
  id: 'simulation/healthy',
  title: 'Health endpoints answer as declared',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A pod can be ready and the service behind it broken: readiness often asks whether the process listens, not whether it works.',
    messages: {
      'no-answer': '{{service}}: {{path}} on port {{port}} gives no answer: {{error}}',
      'wrong-status': '{{service}}: {{path}} answers {{status}} instead of {{expected}}: {{body}}',
      'wrong-body': '{{service}}: {{path}} does not answer {{expected}} but {{body}}',
      ...answerMessages,
      'certificate-ending':
        '{{service}}: the certificate of {{path}} ends in {{days}} days; renew it',
    },
    remediation:
      'Look at the log of the pod at that time, and at what the endpoint depends on in the sandbox.',
    bad: {
      language: 'observation',
      text: `{
  "probes": [
    {
      "service": "shop", "pod": "shop-5d9c7b-x2x4q", "port": 8080, "path": "/readyz",
      "expectedStatus": 200, "expectedBody": null,
      "status": 503, "bodyMatches": null, "json": null, "dependencies": [],
      "body": "{\\"database\\":\\"down\\"}", "durationMs": 12, "tlsDaysLeft": null, "error": null
    }
  ]
}
`,
      findings: [{ messageId: 'wrong-status' }],
    },
    good: {
      language: 'observation',
      text: `{
  "probes": [
    {
      "service": "shop", "pod": "shop-5d9c7b-x2x4q", "port": 8080, "path": "/readyz",
      "expectedStatus": 200, "expectedBody": null,
      "status": 200, "bodyMatches": null, "json": null, "dependencies": [],
      "body": "{\\"database\\":\\"up\\"}", "durationMs": 12, "tlsDaysLeft": null, "error": null
    }
  ]
}
`,
      findings: [],
    },
    references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  },
  run(context) {
    return context.target.probes.flatMap((probe) => {
      const { service, path, port } = probe;
      if (probe.pod === null) {
        context.notExamined(`${service} ${path}`, probe.error ?? 'no pod to ask');
        return [];
      }
      const shared = { service, path, where: `${service}: ${path}`, port: port ?? 0 };
      const found = answerProblems(probe).map(
        ({ messageId, data, about }): Draft => ({
          ...{ messageId, data: { ...shared, ...data }, location: {} },
          identity: [service, path, ...(about === undefined ? [] : [about])].join(' '),
        }),
      );
      const { tlsDaysLeft: days } = probe;
      if (!isEnding(days)) return found;
      const ending = { messageId: 'certificate-ending', data: { ...shared, days } } as const;
      const identity = `${service} certificate`;
      return [...found, { ...ending, severity: 'warning', location: {}, identity } satisfies Draft];
    });
  },
};
