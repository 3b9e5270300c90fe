import { describe, expect, it } from 'vitest';
import { deployed, event, live } from '../testing.ts';
import { grace } from './signal.ts';
import { first } from './testing.ts';

const image = 'registry.example/web:1';

function ofContainer(status: object, spec: object = {}, events: readonly string[][] = []) {
  const { deployment, all, pod } = deployed({
    spec: { restartPolicy: 'Always', containers: [{ name: 'web', image, ...spec }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'web', restartCount: 0, ...status }] },
  });
  const told = events.map(([reason = '', message = '']) =>
    event(pod, reason, message, {
      container: 'web',
      type: reason === 'Killing' ? 'Normal' : 'Warning',
    }),
  );
  return first(deployment, ...all, ...told);
}

const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
const crashed = (restartCount: number, ended: object) => ({
  restartCount,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error', ...ended } },
});

describe('an image', () => {
  const pull = (text: string) =>
    waiting(
      'ErrImagePull',
      `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ${text}`,
    );

  it.each([
    [`failed to resolve reference "${image}": ${image}: not found`, 'image-not-found/0'],
    [
      'failed to resolve reference "x": pull access denied, repository does not exist or may require authorization',
      'image-denied/0',
    ],
    ['failed to resolve reference "x": unexpected status: 401 Unauthorized', 'image-denied/0'],
    ['no match for platform in manifest: not found', 'image-platform/0'],
    [
      'failed to do request: dial tcp: lookup registry.example: no such host',
      'image-pull/Infinity',
    ],
    ['unexpected status from HEAD request: 503 Service Unavailable', 'image-pull/Infinity'],
    ['toomanyrequests: 429 Too Many Requests', 'image-pull/Infinity'],
    ['read tcp: connection reset by peer', 'image-pull/Infinity'],
  ])('%s', (text, expected) => {
    expect(ofContainer(pull(text))).toMatch(new RegExp(`^${expected} web: ${image}: `));
  });

  it('that backs off is explained by the event', () => {
    const events = [['Failed', `Failed to pull image "${image}": ${image}: not found`]];
    expect(ofContainer(waiting('ImagePullBackOff', 'Back-off pulling image'), {}, events)).toMatch(
      /^image-not-found\/0/,
    );
  });

  it('hides the account that a pull limit names', () => {
    const text = "429 Too Many Requests: You have reached your pull rate limit as 'ada': x";
    expect(ofContainer(pull(text))).not.toContain('ada');
  });

  it('with a broken name fails at once', () => {
    expect(ofContainer(waiting('InvalidImageName', 'bad'))).toMatch(/^image-name\/0/);
  });
});

describe('a container that goes down', () => {
  it('is hopeless from the third crash on', () => {
    expect(ofContainer(crashed(1, {}))).toBe(
      `crash-loop/${grace.tolerated} web: ended 2 times, last with exit code 1`,
    );
    expect(ofContainer(crashed(2, {}))).toBe(
      'crash-loop/0 web: ended 3 times, last with exit code 1',
    );
    expect(ofContainer(crashed(2, { exitCode: 139 }))).toContain('exit code 139 (signal 11)');
  });

  it('is counted when it ends with success and should not end', () => {
    expect(ofContainer(crashed(2, { exitCode: 0 }))).toMatch(/^crash-loop\/0 web: ended 3 times/);
  });

  it('for want of memory is named with its limit', () => {
    const spec = { resources: { limits: { memory: '64Mi' } } };
    expect(ofContainer(crashed(2, { exitCode: 137, reason: 'OOMKilled' }), spec)).toBe(
      'out-of-memory/0 web: killed for want of memory at its limit of 64Mi',
    );
  });

  it('because its command is not there, or not for this machine, is named soon', () => {
    const message = 'exec: "serve": executable file not found in $PATH: unknown';
    const startError = { exitCode: 128, reason: 'StartError' };
    expect(ofContainer(crashed(0, { ...startError, message }))).toMatch(/^command-not-found\/5000/);
    const other = 'exec /bin/serve: exec format error';
    expect(ofContainer(crashed(0, { ...startError, message: other }))).toMatch(
      /^image-platform\/5000/,
    );
  });

  it('by its liveness probe is told with the definition of the probe', () => {
    const spec = { livenessProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 5 } };
    const events = [
      ['Killing', 'Container web failed liveness probe, will be restarted'],
      ['Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'],
    ];
    expect(ofContainer(crashed(2, { exitCode: 137 }), spec, events)).toBe(
      'probe-failing/0 web: liveness probe GET :8080/livez every 5 s, 1 s to answer, 3 failures allowed: HTTP probe failed with statuscode: 500',
    );
  });

  it('in an init container is seen too', () => {
    const { deployment, all } = deployed({
      spec: { initContainers: [{ name: 'wait', image }], containers: [{ name: 'web', image }] },
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'wait', ...crashed(2, { exitCode: 7 }) }],
        containerStatuses: [{ name: 'web', restartCount: 0, ...waiting('PodInitializing') }],
      },
    });
    expect(first(deployment, ...all)).toMatch(/^crash-loop\/0 wait: ended 3 times, .*code 7/);
  });

  it('in an init container that did its work is expected', () => {
    const { deployment, all } = deployed({
      spec: { initContainers: [{ name: 'wait', image }], containers: [{ name: 'web', image }] },
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'wait',
            restartCount: 0,
            state: { terminated: { exitCode: 0, reason: 'Completed' } },
          },
        ],
      },
    });
    expect(first(deployment, ...all)).toMatch(/^not-ready\/Infinity/);
  });

  it('before its process ran is told without what the runtimes put around it', () => {
    const frame =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
    const ended = (said: string) =>
      crashed(0, { exitCode: 128, reason: 'StartError', message: `${frame}${said}: unknown` });
    expect(ofContainer(ended('exec: "/etc": is a directory'))).toBe(
      'command-not-found/5000 web: exec: "/etc": is a directory',
    );
    expect(ofContainer(ended('error during container init: mkdir /x: not a directory'))).toBe(
      `container-config/${grace.tolerated} web: mkdir /x: not a directory`,
    );
  });

  it('is not misread by the words it leaves', () => {
    const message = 'exec: open /config: no such file or directory';
    expect(ofContainer(crashed(0, { message }))).toBe(
      `crash-loop/Infinity web: ended once, last with exit code 1: ${message}`,
    );
  });

  it('by its hook after the start is told with what the hook does', () => {
    const spec = { lifecycle: { postStart: { exec: { command: ['cat', '/x'] } } } };
    const events = [['FailedPostStartHook', 'PostStartHook failed']];
    expect(ofContainer(crashed(2, { exitCode: 137 }), spec, events)).toBe(
      'crash-loop/0 web: ended 3 times, each time by its postStart hook, which fails: exec cat /x',
    );
  });

  it('for good is told as a pod that failed', () => {
    const pod = live('Pod', 'once', {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] },
      status: {
        phase: 'Failed',
        containerStatuses: [
          { name: 'main', restartCount: 0, state: { terminated: { exitCode: 6 } } },
        ],
      },
    });
    expect(first(pod)).toBe('pod-failed/0 main: ended once, last with exit code 6');
  });
});

describe('configuration', () => {
  it.each([
    ['secret "keys" not found', 'config-missing'],
    ["couldn't find key port in ConfigMap deploycheck-0123abcd/settings", 'config-missing'],
    [
      'container has runAsNonRoot and image will run as root (pod: "web_deploycheck-0123abcd(1-2)", container: web)',
      'container-config',
    ],
  ])('%s', (message, reason) => {
    const seen = ofContainer(waiting('CreateContainerConfigError', message));
    expect(seen).toMatch(new RegExp(`^${reason}/5000 web: `));
    expect(seen).not.toContain('deploycheck-0123abcd');
  });

  it('of a volume is told by its event, until the containers start', () => {
    const mount = 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found';
    const pending = deployed({ spec: {}, status: { phase: 'Pending' } });
    expect(
      first(pending.deployment, ...pending.all, event(pending.pod, 'FailedMount', mount)),
    ).toBe(`config-missing/5000 -: ${mount}`);
    const conditions = [{ type: 'PodReadyToStartContainers', status: 'True' }];
    const started = deployed({ spec: {}, status: { phase: 'Pending', conditions } });
    expect(
      first(started.deployment, ...started.all, event(started.pod, 'FailedMount', mount)),
    ).toMatch(/^not-ready\/Infinity/);
  });
});

it('tells an unready container by its probe and the last answer', () => {
  const spec = { readinessProbe: { tcpSocket: { port: 5432 } } };
  const running = { state: { running: {} }, ready: false, started: true };
  const events = [['Unhealthy', 'Readiness probe failed: dial tcp: connection refused']];
  expect(ofContainer(running, spec, events)).toBe(
    'probe-failing/Infinity web: readiness probe TCP :5432 every 10 s, 1 s to answer, 3 failures allowed: dial tcp: connection refused',
  );
});

describe('scheduling', () => {
  const unschedulable = () => {
    const message = '0/2 nodes are available: 2 Insufficient cpu.';
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ];
    return deployed({ spec: {}, status: { phase: 'Pending', conditions } });
  };

  it('is given a while', () => {
    const { deployment, all } = unschedulable();
    expect(first(deployment, ...all)).toBe(
      'unschedulable/15000 -: 0/2 nodes are available: 2 Insufficient cpu.',
    );
  });

  it('is waited for when the cluster grows', () => {
    const { deployment, all, pod } = unschedulable();
    const grows = event(pod, 'TriggeredScaleUp', 'pod triggered scale-up', { type: 'Normal' });
    expect(first(deployment, ...all, grows)).toMatch(/^unschedulable\/Infinity/);
  });
});

describe('pods that are refused', () => {
  const refused = (message: string) => {
    const { deployment } = deployed({});
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message }];
    const replicaSet = live('ReplicaSet', 'web-1', { owner: deployment, status: { conditions } });
    return first(deployment, replicaSet);
  };

  it.each([
    ['pods "web-1-" is forbidden: exceeded quota: small, requested: pods=1', 'quota/5000'],
    ['pods "web-1-" is forbidden: failed quota: small: must specify limits.cpu', 'quota/5000'],
    [
      'pods "web-1-" is forbidden: violates PodSecurity "restricted:latest": x',
      'pod-security/5000',
    ],
    ['admission webhook "x.example" denied the request: no', 'webhook/5000'],
    ['Internal error: failed calling webhook "x.example": connection refused', 'webhook/Infinity'],
    ['pods "web-1-" is forbidden: status unknown for quota: small', 'pods-refused/Infinity'],
    [
      'pods "web-1-" is forbidden: error looking up service account deploycheck-0123abcd/y: serviceaccount "y" not found',
      'pods-refused/5000 -: error looking up service account y: ',
    ],
    [
      '(combined from similar events): Error creating: pods "web-1-" is forbidden: maximum memory',
      'pods-refused/5000 -: maximum memory$',
    ],
    [
      'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: x',
      'quota/5000 -: exceeded quota: x$',
    ],
  ])('%s', (message, expected) => {
    expect(refused(message)).toMatch(new RegExp(`^${expected}`));
  });

  it('of a StatefulSet are told by its events, while pods are missing', () => {
    const set = live('StatefulSet', 'db', { spec: { replicas: 1 }, status: {} });
    const told = event(set, 'FailedCreate', 'create Pod db-0 failed: exceeded quota: small');
    expect(first(set, told)).toMatch(/^quota\/5000/);
    expect(first(set, told, live('Pod', 'db-0', { owner: set }))).toMatch(/^not-ready\/Infinity/);
  });
});

it('says of a Job that gave up what its pod said', () => {
  const conditions = [
    {
      type: 'Failed',
      status: 'True',
      reason: 'BackoffLimitExceeded',
      message: 'reached the limit',
    },
  ];
  const job = live('Job', 'migrate', { status: { conditions } });
  const terminated = { exitCode: 4, reason: 'Error' };
  const pod = live('Pod', 'migrate-1', {
    owner: job,
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'main', restartCount: 0, state: { terminated } }],
    },
  });
  expect(first(job, pod)).toBe(
    'job-failed/0 main: BackoffLimitExceeded: reached the limit; ended once, last with exit code 4',
  );
});

it('says of a Job that took too long what its last pod wrote, wherever that is', () => {
  const failed = {
    type: 'Failed',
    status: 'True',
    reason: 'DeadlineExceeded',
    message: 'too long',
  };
  const job = live('Job', 'migrate', { status: { conditions: [failed] } });
  const pod = live('Pod', 'migrate-1', {
    owner: job,
    spec: { nodeName: 'node1', containers: [{ name: 'main', image }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', state: { running: {} } }] },
  });
  expect(first(job, pod)).toBe('job-failed/0 main: DeadlineExceeded: too long');
});

it('tolerates crashes of a Job while the Job itself does', () => {
  const job = live('Job', 'migrate', { status: {} });
  const pod = live('Pod', 'migrate-1', {
    owner: job,
    spec: { restartPolicy: 'OnFailure', containers: [{ name: 'main', image }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', ...crashed(4, {}) }] },
  });
  expect(first(job, pod)).toMatch(/^crash-loop\/Infinity main: ended 5 times/);
});

it('gives a Deployment past its deadline the reason of its pods', () => {
  const conditions = [
    {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'timed out',
    },
  ];
  const bare = live('Deployment', 'web', { status: { observedGeneration: 1, conditions } });
  expect(first(bare)).toBe('progress-deadline/0 -: timed out');
  const replicaSet = live('ReplicaSet', 'web-1', { owner: bare });
  const pod = live('Pod', 'web-1-a', {
    owner: replicaSet,
    spec: { containers: [{ name: 'web', image }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'web', ...crashed(1, {}) }] },
  });
  expect(first(bare, replicaSet, pod)).toMatch(/^crash-loop\/0 web/);
});

it('passes over pods that are going', () => {
  const { deployment, replicaSet, pod } = deployed({
    spec: { containers: [{ name: 'web', image }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'web', ...crashed(5, {}) }] },
  });
  const going = {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: '2026-11-21T15:00:00Z' },
  };
  expect(first(deployment, replicaSet, going)).toBeUndefined();
});
