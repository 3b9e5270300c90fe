import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ImageRun } from '../../../src/validators/runtime/image-run.ts';
import { systems } from '../../systems/bed.ts';
import { createPodYard, namespaceOf, type PodYard } from './pods-support.ts';
import { filesWith, obedient, shell, uidProgram, untilEnded, whenUp } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const long = { timeout: 300_000 };
/** Most of its time a probe waits. An object of its own: vitest would mark a shared one for every test. */
const together = { ...long, concurrent: true };
const user = { User: '10001:10002' };
/** What a pod cannot be asked stays open, with the opinions switched on. */
const open = { 'no-network': null, 'second-start': null };

const proposed = ({ proposal }: ImageRun) => {
  if ('why' in proposal) throw new Error(proposal.why);
  return proposal.seen;
};

describe.skipIf(!bed)('an image that is run as pods', () => {
  let yard: PodYard;
  beforeAll(async () => {
    if (bed) yard = await createPodYard(bed);
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  it('passes when it bears everything, and is proven at the strictest level', long, async () => {
    const image = await yard.image('good', {
      files: [{ path: 'etc/ok', content: 'ok\n' }],
      config: {
        ...user,
        ...shell(obedient),
        Healthcheck: { Test: ['CMD', '/bin/cat', '/etc/ok'] },
      },
    });
    const file = join(yard.folder, 'context.yaml');
    const { result, record, probed, said, works } = await yard.probe(
      ...([image, '--memory', '64Mi', '--env', 'LEVEL=information', '--proposal', file] as const),
    );
    expect(said, `${result.stdout}${result.stderr}`).toEqual([]);
    expect(works).toEqual({
      ...{ 'read-only-root': true, 'no-capabilities': true, 'no-new-privileges': true },
      ...{ 'other-user': true, 'memory-limit': true, ...open },
    });
    const { container, run } = probed;
    expect(run.start).toMatchObject({ works: true, by: 'health' });
    expect(run.health).toMatchObject({ seen: { healthy: true } });
    // Kubelets take the user of an image without its group.
    expect(container.users).toEqual({
      seen: ['sh', 'sleep'].map((command) => ({ uid: 10001, gid: 0, command })),
    });
    expect(container.environment).toEqual({ seen: { declared: 1, missing: [], different: [] } });
    expect(container.stop).toMatchObject({ seen: { exitCode: 0, killed: false } });
    expect(container.limits).toMatchObject({
      seen: { memory: { declared: 67_108_864, inForce: 67_108_864 } },
    });
    expect(run.source).toMatch(/^pods in \S+\/deploycheck-[0-9a-f]{8} sha256:/);

    const { yaml } = proposed(run);
    expect(await readFile(file, 'utf8')).toBe(yaml);
    expect(yaml).toContain('at the level restricted');
    expect(parse(yaml).containers[0].securityContext).toEqual({
      ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 0 },
      ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      ...{ capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    });

    // What nobody could look at is no pass.
    expect([record.verdict, result.exitCode]).toEqual(['pending', 3]);
    expect(record.notExamined.map(({ what }) => what)).toEqual(
      expect.arrayContaining([`no-network of ${image}`, `writes of ${image}`]),
    );
    expect((await namespaceOf(result.stderr)).exists).toBe(false);
    // What is open belongs to opinions; without them there is nothing to wait for.
    const plain = await yard.run(
      ...['validate', 'runtime', image, '--in-cluster', '--settle', '700ms', '--grace', '2s'],
    );
    expect(plain.exitCode, plain.stdout).toBe(0);
  });

  it('is told when it runs as root, and proven as another user', together, async () => {
    const image = await yard.image('root', { config: shell(obedient) });
    const { result, probed, said } = await yard.probe(image);
    expect([said, result.exitCode]).toEqual([['runtime/non-root root'], 1]);
    const { settings, yaml } = proposed(probed.run);
    expect([(settings.user?.uid ?? 0) >= 30_000, settings.user?.gid]).toEqual([true, 0]);
    expect(yaml).toContain('# - Pod Security: it started in a namespace that enforces restricted');
  });

  it('that needs a capability is proven at the level that lets it in', together, async () => {
    const image = await yard.image('chown', {
      files: [{ path: 'data/', mode: 0o755 }],
      config: shell(`busybox chown 7:7 /data || exit 4; ${obedient}`),
    });
    const { said, probed } = await yard.probe(image, ...whenUp);
    expect(said.toSorted()).toEqual([
      ...['runtime/any-user needed', 'runtime/capabilities needed', 'runtime/non-root root'],
      'runtime/read-only-root needed',
    ]);
    const { settings, yaml } = proposed(probed.run);
    expect(settings.addedCapabilities).toEqual(['CHOWN']);
    expect(yaml).toContain('at the level baseline');
    expect(yaml).toMatch(/# - Pod Security: restricted does not let it in: .*violates PodSecurity/);
  });

  it('that writes to a folder needs it to be named', together, async () => {
    const image = await yard.image('writer', {
      files: [{ path: 'var/cache/app/', mode: 0o777 }],
      config: { ...user, ...shell(`echo x > /var/cache/app/x || exit 3; ${obedient}`) },
    });
    const { said, works, record, probed } = await yard.probe(image, ...whenUp);
    expect([said, works['read-only-root']]).toEqual([['runtime/read-only-root needed'], false]);
    expect(record.findings[0]?.message).toMatch(/exit code 3; its last line: .*Read-only file/);
    // It was not seen where it wrote, so no folder is guessed, and no finding says that it wrote nothing.
    expect(proposed(probed.run).settings.readOnlyRoot).toBe(false);
    expect(record.outcomes.find(({ check }) => check === 'runtime/writes')?.outcome).toBe(
      'inconclusive',
    );

    const declared = await yard.probe(image, ...whenUp, '--tmpfs', '/var/cache/app');
    expect([declared.said, declared.works['read-only-root']]).toEqual([[], true]);
    const { yaml } = proposed(declared.probed.run);
    expect(yaml).toContain('at the level restricted');
    expect(parse(yaml).containers[0].volumeMounts).toEqual([
      { name: 'writable-1', mountPath: '/var/cache/app' },
    ]);
  });

  it('that ignores SIGTERM is told', together, async () => {
    const image = await yard.image('deaf', {
      config: { ...user, ...shell('trap "" TERM; while :; do sleep 1; done') },
    });
    const { said, probed } = await yard.probe(image);
    expect(said).toEqual(['runtime/stop killed']);
    expect(probed.container.stop).toMatchObject({ seen: { exitCode: 137, killed: true } });
  });

  it('that lives on a setuid program is told', together, async () => {
    const image = await yard.image('setuid', {
      files: [{ path: 'bin/uid', mode: 0o4755, content: uidProgram() }],
      config: { ...user, ...shell(`/bin/uid || exit 9; ${obedient}`) },
    });
    const { said, works, probed } = await yard.probe(image, ...whenUp);
    expect([said, works['no-new-privileges']]).toEqual([
      ['runtime/no-new-privileges needed'],
      false,
    ]);
    expect(proposed(probed.run).yaml).toMatch(/restricted does not let it in: .*Escalation/);
  });

  it('that needs more memory than it is given is told', together, async () => {
    const script = `busybox dd if=/dev/zero of=/dev/null bs=96M count=1 || exit 6; ${obedient}`;
    const image = await yard.image('hog', { config: { ...user, ...shell(script) } });
    const { said, works } = await yard.probe(image, ...whenUp, '--memory', '32Mi');
    expect([said, works['memory-limit']]).toEqual([['runtime/memory exceeded'], false]);
  });

  it('is ready when the kubelet is answered, and when its log says so', together, async () => {
    const image = await yard.image('web', {
      files: [{ path: 'www/index.html', content: 'hello\n' }],
      config: {
        ...user,
        ...shell('trap "exit 0" TERM; sleep 1; httpd -f -p 8080 -h /www & echo ready 42; wait'),
      },
    });
    const http = await yard.probe(image, '--ready', 'http:8080/');
    expect([http.said, http.probed.run.start]).toMatchObject([[], { works: true, by: 'http' }]);
    const log = await yard.probe(image, '--ready', 'log:ready 42');
    expect([log.said, log.probed.run.start]).toMatchObject([[], { works: true, by: 'log' }]);
    const never = await yard.probe(image, '--ready', 'http:8081/', '--ready-timeout', '3s');
    expect([never.said, never.result.exitCode]).toEqual([['runtime/start not-ready'], 1]);
  });

  it('that never turns healthy is told, with what its check printed', together, async () => {
    const image = await yard.image('ill', {
      config: {
        ...{ ...user, ...shell(obedient) },
        Healthcheck: { Test: ['CMD-SHELL', 'cat /none'] },
      },
    });
    const { said, record, result } = await yard.probe(image, '--ready-timeout', '6s');
    expect([said, result.exitCode]).toEqual([['runtime/health unhealthy'], 1]);
    expect(record.findings[0]?.message).toMatch(/No such file/);
  });

  it('that does not start leaves the other questions open, not passed', together, async () => {
    const ends = await yard.image('ends', {
      config: { ...user, ...shell('echo DATABASE_URL is not set >&2; exit 3') },
    });
    const { said, record, works, result } = await yard.probe(ends, ...untilEnded);
    expect([said, result.exitCode]).toEqual([['runtime/start ended'], 1]);
    expect(record.findings[0]?.message).toMatch(
      /it ended with exit code 3; its last line: DATABASE_URL is not set/,
    );
    expect(Object.values(works).every((one) => one === null)).toBe(true);
    expect(record.outcomes.filter(({ outcome }) => outcome === 'pass')).toEqual([]);
    expect((await namespaceOf(result.stderr)).exists).toBe(false);

    // The kubelet says more than a second later that it ended.
    const soon = await yard.image('soon', { config: { ...user, ...shell('sleep 1; exit 4') } });
    const late = await yard.probe(soon, '--settle', '1900ms');
    expect([late.said, late.result.exitCode]).toEqual([['runtime/start ended'], 1]);

    const nothing = await yard.image('nothing', { config: { Entrypoint: ['/no/such/program'] } });
    const refused = await yard.probe(nothing);
    expect([refused.said, refused.result.exitCode]).toEqual([['runtime/start refused'], 1]);
    expect(refused.record.findings[0]?.message).toMatch(/no such file or directory/);
  });

  it('that is meant to end is tried by its exit code', together, async () => {
    const image = await yard.image('job', { config: { ...user, ...shell('sleep 1; echo done') } });
    const { said, works, probed } = await yard.probe(image, '--ready', 'exit');
    expect([said, works['read-only-root']]).toEqual([[], true]);
    expect(probed.run.start).toMatchObject({ works: true, by: 'exit' });
  });

  it('gets variables whose values nobody else sees', long, async () => {
    const secret = 'hunter2-is-no-password';
    const image = await yard.image('talkative', {
      config: { ...user, ...shell('echo "token $TOKEN" >&2; [ "$A" = b ] && exit 1; exit 2') },
    });
    const env = ['--env', `TOKEN=${secret}`, '--env', 'A=b'];
    const asked = [...env, ...untilEnded, '--format', 'json'];
    const { result, record } = await yard.probe(image, ...asked);
    expect(record.findings[0]?.message).toMatch(/exit code 1; its last line: token/);
    expect(`${result.stdout}${result.stderr}`).not.toContain(secret);
    expect(await filesWith(join(yard.folder, '.deploycheck'), secret)).toEqual([]);
  });

  it('that nodes cannot have is a fault, in the words of the kubelet', long, async () => {
    const image = (await yard.image('there', {})).replace(/:1$/, ':never-pushed');
    const { exitCode, stderr } = await yard.end(image);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/:never-pushed: not found/)]);
    expect((await namespaceOf(stderr)).exists).toBe(false);
    expect((await yard.run('clean')).stdout).toBe('nothing was left behind');
  });

  it('is asked for with flags that fit together', long, async () => {
    for (const [words, said] of [
      [['x:1', '--in-cluster', '--network', 'shop'], '--network: is of the engine'],
      [['x:1', '--context', 'staging'], '--context: expected --in-cluster'],
      [['x:1', '--in-cluster', '--context', 'no-such'], 'no-such'],
      [['Not A Reference', '--in-cluster'], 'Not A Reference'],
    ] as const) {
      const { exitCode, stderr } = await yard.run('validate', 'runtime', ...words);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });
});
