import type { Check, CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { objectText, placeOf, refOf } from '../../object-id.ts';
import type { Cause, MissingSecret, Simulation, WorkloadSeen } from '../../observation.ts';
import { causeMessages } from './messages.ts';

/** Everything that was deployed became ready and stayed so. */
export const check: Check<Simulation> = {
  id: 'simulation/ready',
  title: 'Everything deployed becomes ready',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A release that does not start in a copy of its namespace does not start in production either, where it leaves a rollout stuck between two versions.',
    messages: {
      ...causeMessages,
      'secret-missing':
        '{{object}}: needs the Secret {{secret}}{{keys}}, which the release does not bring{{target}}; give one to the sandbox with --secret {{secret}}=env-file:PATH, or copy with --secret {{secret}}=copy',
    },
    remediation:
      'The message says what to do next; events, logs and last states from before the clean-up are in the evidence.',
    bad: {
      language: 'observation',
      text: `{
  "ended": "doomed",
  "workloads": [
    {
      "object": {
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "shop",
        "file": "deployment.yaml", "line": 1
      },
      "state": "failed",
      "message": "0 of 3 pods available",
      "readyAfterMs": null,
      "cause": {
        "reason": "image-not-found", "pod": "shop-5d9c7b-x2x4q", "container": "shop",
        "detail": "registry.example/shop:2.0.1: not found", "lastLog": null
      }
    }
  ]
}
`,
      findings: [{ messageId: 'image-not-found' }],
    },
    good: { language: 'observation', text: '{ "ended": "ready" }\n', findings: [] },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/',
      'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
    ],
  },
  run(context) {
    const { target } = context;
    for (const { what, why, open } of target.notSimulated) {
      if (open) context.notExamined(what, why);
    }
    if (target.mode === 'diff-only') {
      context.notExamined('readiness', 'only the differences were asked for');
      return [];
    }
    if (target.ended === 'not-started') return notStarted(context);
    const failed = target.workloads.find(({ state }) => state === 'failed');
    return target.workloads.flatMap((workload) => {
      if (workload.state === 'failed') return [draft(workload)];
      if (workload.state === 'suspended') {
        context.notExamined(objectText(workload.object), workload.message);
      }
      if (workload.state !== 'waiting') return [];
      if (target.ended === 'deadline' || !failed) return [draft(workload)];
      const why = `${workload.message} when ${objectText(failed.object)} had failed`;
      context.notExamined(objectText(workload.object), why);
      return [];
    });
  },
};

function notStarted(context: CheckContext<Simulation>): Draft[] {
  const { missing } = context.target.secrets;
  if (missing.length === 0) context.notExamined('readiness', 'nothing of the release was accepted');
  return missing.map(missingDraft);
}

const inTargetText = {
  true: '',
  false: ' and the target namespace does not have',
} as const;

function missingDraft({ name, keys, usedBy, inTarget }: MissingSecret): Draft {
  const data = {
    object: objectText(usedBy),
    secret: name,
    keys: keys.length === 0 ? '' : ` (${keys.join(', ')})`,
    target: inTargetText[inTarget === false ? 'false' : 'true'],
  };
  return {
    ...{ messageId: 'secret-missing', data, identity: `Secret/${name}` },
    location: placeOf(usedBy),
    object: refOf(usedBy),
  };
}

function draft({ object, message, cause }: WorkloadSeen): Draft {
  const why: Cause = cause ?? {
    ...{ reason: 'not-ready', pod: null, container: null, detail: message, lastLog: null },
  };
  return {
    messageId: why.reason,
    data: {
      object: objectText(object),
      container: why.container === null ? '' : `, container ${why.container}`,
      detail: why.detail,
      log: why.lastLog === null || why.lastLog === '' ? '' : `; its last line: ${why.lastLog}`,
    },
    // Names of pods and texts of the platform differ from run to run.
    identity: `${objectText(object)} ${why.container ?? ''}`,
    location: placeOf(object),
    object: refOf(object),
  };
}
