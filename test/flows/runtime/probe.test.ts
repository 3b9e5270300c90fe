import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systems } from '../../systems/bed.ts';
import {
  createYard,
  filesWith,
  obedient,
  shell,
  uidProgram,
  untilEnded,
  whenUp,
  type Yard,
} from './support.ts';

const bed = await systems('engine', 'registry');
const long = { timeout: 240_000 };
/** Most of its time a probe waits. An object of its own: vitest would mark a shared one for every test. */
const together = { ...long, concurrent: true };

describe.skipIf(!bed)('an image that is run', () => {
  let yard: Yard;
  beforeAll(async () => {
    if (bed) yard = await createYard(bed);
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  const user = { User: '10001:10002' };
  /** The security context of the proposal, and what was proven of it. */
  const contextIn = (yaml: string) => parse(yaml).containers[0].securityContext;

  it('passes when it bears everything, and has a context of its own proposed', long, async () => {
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
      ...([image, '--memory', '64Mi', '--env', 'LEVEL=info', '--proposal', file] as const),
    );
    expect([said, result.exitCode], `${result.stdout}${result.stderr}`).toEqual([[], 0]);
    expect(record.verdict).toBe('go');
    expect(works).toEqual({
      ...{ 'read-only-root': true, 'no-capabilities': true, 'no-new-privileges': true },
      ...{ 'other-user': true, 'no-network': true, 'memory-limit': true, 'second-start': null },
    });
    expect(probed.run.start).toMatchObject({ works: true, by: 'health' });
    expect(probed.run.health).toMatchObject({ seen: { healthy: true } });
    const { container } = probed;
    expect(container.users).toMatchObject({ seen: [{ uid: 10001, gid: 10002 }, { uid: 10001 }] });
    expect(container.environment).toEqual({ seen: { declared: 1, missing: [], different: [] } });
    expect(container.stop).toMatchObject({ seen: { exitCode: 0, killed: false } });
    expect(container.limits).toMatchObject({
      seen: { memory: { declared: 67_108_864, inForce: 67_108_864 } },
    });
    const proposed = contextIn(await readFile(file, 'utf8'));
    expect(proposed).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10002 },
      ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      capabilities: { drop: ['ALL'] },
    });
    expect(result.stdout).toMatch(/proven {2}works with a read-only root/);
    expect(result.stdout).toContain('readOnlyRootFilesystem: true');
    expect(yard.left()).toEqual([]);
  });

  it(
    'is told when it runs as root, and proposed another user that it works as',
    together,
    async () => {
      const image = await yard.image('root', { config: shell(obedient) });
      const { result, probed, said } = await yard.probe(image);
      expect([said, result.exitCode]).toEqual([['runtime/non-root root'], 1]);
      const { proposal } = probed.run;
      if ('why' in proposal) throw new Error(proposal.why);
      const { uid, gid } = proposal.seen.settings.user ?? {};
      expect([uid !== undefined && uid >= 30_000, gid]).toEqual([true, 0]);
    },
  );

  it('is given the folders that it was seen to write to', together, async () => {
    const image = await yard.image('writer', {
      files: [{ path: 'var/cache/app/', mode: 0o777 }],
      config: { ...user, ...shell(`echo x > /var/cache/app/x || exit 3; ${obedient}`) },
    });
    const { result, probed, said, works } = await yard.probe(image, ...whenUp);
    expect(said.toSorted()).toEqual(['runtime/read-only-root needed', 'runtime/writes written']);
    expect(result.exitCode).toBe(0);
    expect(works['read-only-root']).toBe(false);
    expect(probed.run.writes).toEqual({ seen: ['/var/cache/app/x'] });
    const { proposal } = probed.run;
    if ('why' in proposal) throw new Error(proposal.why);
    expect(proposal.seen.settings).toMatchObject({
      ...{ readOnlyRoot: true, writable: ['/var/cache/app'], addedCapabilities: [] },
    });
    expect(parse(proposal.seen.yaml).containers[0].volumeMounts).toEqual([
      { name: 'writable-1', mountPath: '/var/cache/app' },
    ]);
    // With the folder that it needs, there is nothing more to say.
    const declared = await yard.probe(image, ...whenUp, '--tmpfs', '/var/cache/app');
    expect([declared.said, declared.works['read-only-root']]).toEqual([[], true]);
  });

  it('is not proposed a read-only root where no empty folder can stand', together, async () => {
    const image = await yard.image('root-writer', {
      config: shell(`echo x > /x || exit 3; ${obedient}`),
    });
    const { probed } = await yard.probe(image, ...whenUp);
    const { proposal } = probed.run;
    if ('why' in proposal) throw new Error(proposal.why);
    expect(proposal.seen.settings.readOnlyRoot).toBe(false);
    expect(proposal.seen.yaml).toContain('# - readOnlyRootFilesystem: left out: it ended');
  });

  it('keeps the one capability that it needs', together, async () => {
    const image = await yard.image('chown', {
      files: [{ path: 'data/', mode: 0o755 }],
      config: shell(`busybox chown 7:7 /data || exit 4; ${obedient}`),
    });
    const { said, probed } = await yard.probe(image, ...whenUp);
    expect(said).toContain('runtime/capabilities needed');
    const { proposal } = probed.run;
    if ('why' in proposal) throw new Error(proposal.why);
    expect(proposal.seen.settings.addedCapabilities).toEqual(['CHOWN']);
    expect(contextIn(proposal.seen.yaml)).toMatchObject({
      capabilities: { drop: ['ALL'], add: ['CHOWN'] },
    });
  });

  it(
    'may not listen below 1024 as a user, whatever the engine lets others do',
    together,
    async () => {
      const serve = { Entrypoint: ['/bin/httpd', '-f', '-p', '80'] };
      const asUser = await yard.image('port-user', { config: { ...user, ...serve } });
      const refused = await yard.probe(asUser, ...untilEnded);
      expect([refused.said, refused.result.exitCode]).toEqual([['runtime/start ended'], 1]);
      expect(refused.result.stdout).toMatch(/Permission denied/);

      const asRoot = await yard.image('port-root', { config: serve });
      const { probed } = await yard.probe(asRoot, '--ready', 'http:80/', '--grace', '1s');
      expect(probed.run.start).toMatchObject({ works: false, failure: 'not-ready' });
      const settle = ['--settle', '2s', '--grace', '1s'];
      const { proposal } = (await yard.probe(asRoot, ...settle)).probed.run;
      if ('why' in proposal) throw new Error(proposal.why);
      expect(proposal.seen.settings.addedCapabilities).toEqual(['NET_BIND_SERVICE']);
    },
  );

  it('is ready when it answers, and when its log says so', together, async () => {
    const image = await yard.image('web', {
      files: [{ path: 'www/index.html', content: 'hello\n' }],
      config: {
        ...user,
        ...shell('trap "exit 0" TERM; sleep 1; httpd -f -p 8080 -h /www & echo ready 42; wait'),
      },
    });
    const http = await yard.probe(image, '--ready', 'http:8080/');
    expect(http.probed.run.start).toMatchObject({ works: true, by: 'http' });
    expect([http.said, http.works['no-network']]).toEqual([[], true]);
    const log = await yard.probe(image, '--ready', 'log:ready 42');
    expect(log.probed.run.start).toMatchObject({ works: true, by: 'log' });
    const never = await yard.probe(image, '--ready', 'log:ready 43', '--ready-timeout', '2s');
    expect([never.said, never.result.exitCode]).toEqual([['runtime/start not-ready'], 1]);
  });

  it('that ignores SIGTERM is told', together, async () => {
    const image = await yard.image('deaf', {
      config: { ...user, ...shell('trap "" TERM; while :; do sleep 1; done') },
    });
    const { said, probed } = await yard.probe(image);
    expect(said).toEqual(['runtime/stop killed']);
    expect(probed.container.stop).toMatchObject({ seen: { exitCode: 137, killed: true } });
  });

  it('that never turns healthy is told, with what its check printed', together, async () => {
    const image = await yard.image('ill', {
      config: { ...user, ...shell(obedient), Healthcheck: { Test: ['CMD', '/bin/cat', '/none'] } },
    });
    const { said, record, result } = await yard.probe(image, '--ready-timeout', '4s');
    expect([said, result.exitCode]).toEqual([['runtime/health unhealthy'], 1]);
    expect(record.findings[0]?.message).toMatch(/No such file/);
    // Ready by another sign, its health is still a question.
    const settled = await yard.probe(image, '--ready', 'settled', '--ready-timeout', '4s');
    expect(settled.said).toEqual(['runtime/health unhealthy']);
    expect(settled.works['read-only-root']).toBe(true);
  });

  it('that ends at once leaves the other questions open, not passed', together, async () => {
    const image = await yard.image('ends', {
      config: { ...user, ...shell('echo DATABASE_URL is not set >&2; exit 3') },
    });
    const { said, record, works, probed, result } = await yard.probe(image, ...untilEnded);
    expect([said, result.exitCode]).toEqual([['runtime/start ended'], 1]);
    expect(record.findings[0]?.message).toMatch(
      /it ended with exit code 3; its last line: DATABASE_URL is not set, /,
    );
    expect(record.findings[0]?.evidence).toMatchObject([
      { name: 'runtime-1-as-it-is-log.txt', mediaType: 'text/plain' },
    ]);
    expect(Object.values(works).every((one) => one === null)).toBe(true);
    expect(probed.run.proposal).toEqual({ why: 'the image does not start as it asks to be run' });
    expect(record.outcomes.filter(({ outcome }) => outcome === 'pass').map((o) => o.check)).toEqual(
      [],
    );
  });

  it('that is meant to end is tried by its exit code', together, async () => {
    const image = await yard.image('job', {
      config: { ...user, ...shell('sleep 1; echo done') },
    });
    const { said, result, works, probed } = await yard.probe(image, '--ready', 'exit');
    expect(said).toEqual([]);
    // Who its processes are, nobody could look at.
    expect(result.exitCode).toBe(3);
    expect(works['read-only-root']).toBe(true);
    expect(probed.run.start).toMatchObject({ works: true, by: 'exit' });
  });

  it('that needs a network at its start is told', together, async () => {
    const image = await yard.image('network', {
      config: { ...user, ...shell(`cat /sys/class/net/eth0/address || exit 5; ${obedient}`) },
    });
    const { said, works } = await yard.probe(image, ...whenUp);
    expect([said, works['no-network']]).toEqual([['runtime/network-at-start needed'], false]);
  });

  it('that needs more memory than it is given is told', together, async () => {
    const script = `busybox dd if=/dev/zero of=/dev/null bs=96M count=1 || exit 6; ${obedient}`;
    const image = await yard.image('hog', { config: { ...user, ...shell(script) } });
    const { said, works, result } = await yard.probe(image, ...whenUp, '--memory', '32Mi');
    expect([said, works['memory-limit']]).toEqual([['runtime/memory exceeded'], false]);
    expect(result.exitCode).toBe(1);
    expect((await yard.probe(image, ...whenUp, '--memory', '256Mi')).said).toEqual([]);
  });

  it('that lives on a setuid program is told', together, async () => {
    const image = await yard.image('setuid', {
      files: [{ path: 'bin/uid', mode: 0o4755, content: uidProgram() }],
      config: { ...user, ...shell(`/bin/uid || exit 9; ${obedient}`) },
    });
    const { said, works, probed } = await yard.probe(image, ...whenUp);
    expect(said).toEqual(['runtime/no-new-privileges needed']);
    expect(works['no-new-privileges']).toBe(false);
    const { proposal } = probed.run;
    if ('why' in proposal) throw new Error(proposal.why);
    expect(proposal.seen.settings.noNewPrivileges).toBe(false);
    expect(contextIn(proposal.seen.yaml)).not.toHaveProperty('allowPrivilegeEscalation');
  });

  it('that works as one user only is told', together, async () => {
    const script = `[ "$(busybox id -u)" = 10001 ] || exit 8; ${obedient}`;
    const image = await yard.image('picky', { config: { ...user, ...shell(script) } });
    const { said, works } = await yard.probe(image, ...whenUp);
    expect([said, works['other-user']]).toEqual([['runtime/any-user needed'], false]);
  });

  it('that does not start twice on its volume is told', long, async () => {
    const script = `[ ! -e /data/lock ] || { echo lock exists >&2; exit 7; }; echo > /data/lock; ${obedient}`;
    const files = [{ path: 'data/', mode: 0o777 }];
    const image = await yard.image('lock', {
      ...{ files, config: { ...user, ...shell(script), Volumes: { '/data': {} } } },
    });
    const { said, record, works } = await yard.probe(image, ...whenUp);
    expect([said, works['second-start']]).toEqual([['runtime/second-start broken'], false]);
    expect(record.findings[0]?.message).toContain('its last line: lock exists');
    // The same for a volume of the manifest.
    const plain = await yard.image('lock-plain', { files, config: { ...user, ...shell(script) } });
    expect((await yard.probe(plain, ...whenUp, '--volume', '/data')).said).toEqual([
      'runtime/second-start broken',
    ]);
    expect(yard.left()).toEqual([]);
  });

  it('gets variables whose values nobody else sees', long, async () => {
    const secret = 'hunter2-is-no-password';
    const image = await yard.image('talkative', {
      config: { ...user, ...shell('echo "token $TOKEN" >&2; echo $SHORT; exit 1') },
    });
    const env = ['--env', `TOKEN=${secret}`, '--env', 'SHORT=abc9'];
    const { result } = await yard.probe(image, ...env, ...untilEnded, '--format', 'json');
    expect(result.exitCode).toBe(1);
    expect(`${result.stdout}${result.stderr}`).not.toContain(secret);
    expect(JSON.parse(result.stdout).command).toContain('--env TOKEN=… --env SHORT=…');
    expect(await filesWith(join(yard.folder, '.deploycheck'), secret)).toEqual([]);
    const missing = await yard.run('validate', 'runtime', 'no-such:1', ...env, '--format', 'json');
    expect([missing.exitCode, missing.stdout.includes('abc9')]).toEqual([2, false]);
  });
});

describe.skipIf(!bed)('what cannot be run', () => {
  let yard: Yard;
  beforeAll(async () => {
    if (bed) yard = await createYard(bed);
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  const ends = async (...args: string[]) => {
    const { exitCode, stderr } = await yard.run('validate', 'runtime', ...args);
    return { exitCode, stderr };
  };

  it('is a wrong command', long, async () => {
    const image = await yard.image('plain', { config: shell(obedient) });
    expect(await ends('no-such-image:1')).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('has no image no-such-image:1; `docker pull`'),
    });
    expect(await ends('Not A Reference')).toMatchObject({ exitCode: 2 });
    expect(await ends(image, '--ready', 'health')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has no health check'),
    });
    expect(await ends(image, '--network', 'host')).toMatchObject({ exitCode: 2 });
    expect(await ends(image, image, '--proposal', 'x.yaml')).toMatchObject({ exitCode: 2 });
    expect(await ends(image, '--env-from', 'none.env')).toMatchObject({ exitCode: 2 });
  });

  it('is a network that the engine does not have: no word about the image', long, async () => {
    const image = await yard.image('plain', { config: shell(obedient) });
    expect(await ends(image, '--network', 'no-such-network')).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('the engine has no network no-such-network'),
    });
    expect(yard.left()).toEqual([]);
  });

  it('is a program that is not there: a finding, in the words of the engine', long, async () => {
    const image = await yard.image('nothing', { config: { Entrypoint: ['/no/such/program'] } });
    const { said, record, result } = await yard.probe(image);
    expect([said, result.exitCode]).toEqual([['runtime/start refused'], 1]);
    expect(record.findings[0]?.message).toMatch(/no such file or directory/);
    expect(yard.left()).toEqual([]);
  });
});
