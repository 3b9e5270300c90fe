import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Simulation } from '../../observation.ts';
import type { ProbeSeen } from '../../observed-parts.ts';

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
      "status": 503, "bodyMatches": null, "body": "{\\"database\\":\\"down\\"}",
      "durationMs": 12, "error": null
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
      "status": 200, "bodyMatches": null, "body": "{\\"database\\":\\"up\\"}",
      "durationMs": 12, "error": null
    }
  ]
}
`,
      findings: [],
    },
    references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  },
  run(context) {
    const { target } = context;
    return target.probes.flatMap((probe) => {
      if (probe.pod === null) {
        context.notExamined(`${probe.service} ${probe.path}`, probe.error ?? 'no pod to ask');
        return [];
      }
      const { messageId, data } = problemOf(probe) ?? {};
      if (messageId === undefined) return [];
      const shared = { service: probe.service, path: probe.path };
      return [
        {
          ...{ messageId, data: { ...shared, ...data }, location: {} },
          identity: `${probe.service} ${probe.path}`,
        } satisfies Draft,
      ];
    });
  },
};

function problemOf(probe: ProbeSeen) {
  const { status, expectedStatus, expectedBody, bodyMatches, error } = probe;
  const body = probe.body === '' ? 'nothing' : probe.body.replaceAll(/\s+/g, ' ');
  if (status === null) {
    return { messageId: 'no-answer', data: { port: probe.port ?? 0, error: error ?? 'unknown' } };
  }
  if (status !== expectedStatus) {
    return { messageId: 'wrong-status', data: { status, expected: expectedStatus, body } };
  }
  if (bodyMatches !== false) return undefined;
  return { messageId: 'wrong-body', data: { expected: expectedBody ?? '', body } };
}
