import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../../src/adapters/docker/docker.ts';
import { systems } from '../../systems/bed.ts';
import { pushTestImage } from '../../systems/images.ts';
import { docker, dockerJson, made, openAt, started } from './setup.ts';

const bed = await systems('engine', 'registry');
const { signal } = new AbortController();
const host = bed?.('DOCKER_HOST') ?? '';
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
let engine: Engine;

const repository = `tests/c${crypto.randomUUID().slice(0, 13)}`;
const image = `${registry}/${repository}:1`;
beforeAll(async () => {
  if (!bed) return;
  engine = await openAt(host);
  await pushTestImage(registry, repository, '1', {
    config: { Cmd: ['/bin/sh'], Env: ['PATH=/bin', 'BASE=1'] },
  });
  await engine.pull(image, {}, signal);
});
afterAll(async () => {
  if (bed) await engine.removeImage(image, signal);
});

const shell = (script: string) => ({ image, cmd: ['/bin/sh', '-c', script] });
const forever = shell('echo up; sleep 100000');
/** As a service does that handles its signals. */
const polite = shell('trap "echo bye; exit 7" TERM; echo up; sleep 100000 & wait');

/** Until it has printed something. */
async function up(container: string): Promise<void> {
  const controller = new AbortController();
  const onOutput = () => controller.abort();
  await engine
    .logs(container, { follow: true, onOutput }, controller.signal)
    .catch(() => undefined);
}

describe.skipIf(!bed)('the engine', () => {
  it('tells its version as docker does', async () => {
    const { Server } = JSON.parse(docker(host, 'version', '--format', '{{json .}}'));
    expect(await engine.version(signal)).toEqual({
      engine: Server.Version,
      api: Server.ApiVersion,
      os: Server.Os,
      architecture: Server.Arch,
    });
    await engine.ping(signal);
    expect(engine.host).toBe(host);
  });
});

describe.skipIf(!bed)('a container', () => {
  it('runs hardened as asked, which docker and the kernel confirm', async () => {
    const id = await made(engine, {
      ...shell(
        'cat /proc/self/status; echo x > /x; echo y > /tmp/y && cat /tmp/y; echo $BASE $MORE',
      ),
      user: '1234:2345',
      readonlyRootfs: true,
      dropCapabilities: ['ALL'],
      noNewPrivileges: true,
      memory: 32 * 1024 * 1024,
      pids: 20,
      milliCpus: 500,
      tmpfs: { '/tmp': 'size=1m,mode=1777' },
      environment: { MORE: 'a=b c' },
      labels: { extra: 'yes' },
      init: true,
    });
    expect(await engine.start(id, signal)).toEqual({ started: true });
    expect(await engine.wait(id, signal)).toEqual({ exitCode: 0 });
    const { stdout, stderr } = (await engine.logs(id, {}, signal)) ?? {};
    expect(stdout).toMatch(/^Uid:\t1234\t/m);
    expect(stdout).toMatch(/^Gid:\t2345\t/m);
    expect(stdout).toMatch(/^CapBnd:\t0{16}$/m);
    expect(stdout).toMatch(/^NoNewPrivs:\t1$/m);
    expect(stdout).toMatch(/y\n1 a=b c\n$/);
    expect(stderr).toMatch(/\/x: Read-only file system/);

    const { HostConfig, Config } = dockerJson(host, 'inspect', id);
    expect(HostConfig).toMatchObject({
      NetworkMode: 'none',
      Memory: 33554432,
      MemorySwap: 33554432,
      PidsLimit: 20,
      NanoCpus: 500_000_000,
      Init: true,
    });
    expect(Config.Labels).toEqual({ extra: 'yes', 'deploycheck.owner': 'tests' });
    expect(await engine.inspect(id, signal)).toMatchObject({
      addresses: {},
      labels: Config.Labels,
    });
  });

  it('shows its state from birth to end', async () => {
    const name = `tests-${crypto.randomUUID()}`;
    const id = await made(engine, { ...polite, name, network: 'bridge' });
    expect(await engine.inspect(name, signal)).toMatchObject({
      id,
      name,
      status: 'created',
      running: false,
      pid: 0,
      startedAt: '',
      finishedAt: '',
      health: null,
    });
    await engine.start(id, signal);
    await up(id);
    const running = await engine.inspect(id, signal);
    expect(running).toMatchObject({ status: 'running', running: true, finishedAt: '' });
    const { State, NetworkSettings } = dockerJson(host, 'inspect', id);
    expect(running).toMatchObject({ pid: State.Pid, startedAt: State.StartedAt });
    expect(running?.addresses).toEqual({ bridge: NetworkSettings.IPAddress });
    expect(await engine.start(id, signal)).toEqual({ started: true });

    expect(await engine.stop(id, 60, signal)).toBe(true);
    expect(await engine.inspect(id, signal)).toMatchObject({
      status: 'exited',
      exitCode: 7,
      pid: 0,
    });
    expect((await engine.logs(id, {}, signal))?.stdout).toBe('up\nbye\n');
    expect(await engine.stop(id, 60, signal)).toBe(true);
    expect(await engine.wait(id, signal)).toEqual({ exitCode: 7 });
  });

  it('is killed by the signal named, or when its time to stop is over', async () => {
    const one = await started(engine, polite);
    await up(one);
    expect(await engine.kill(one, 'SIGTERM', signal)).toBe(true);
    expect(await engine.wait(one, signal)).toEqual({ exitCode: 7 });
    expect(await engine.kill(one, 'SIGTERM', signal)).toBe(false);
    const deaf = await started(engine, forever);
    expect(await engine.stop(deaf, 0, signal)).toBe(true);
    expect(await engine.wait(deaf, signal)).toEqual({ exitCode: 137 });
  });

  it('is paused and goes on', async () => {
    const id = await started(engine, forever);
    expect(await engine.unpause(id, signal)).toBe(false);
    expect(await engine.pause(id, signal)).toBe(true);
    expect(await engine.inspect(id, signal)).toMatchObject({ status: 'paused' });
    expect(await engine.pause(id, signal)).toBe(false);
    expect(await engine.exec(id, { command: ['/bin/echo'] }, signal)).toBeUndefined();
    expect(await engine.unpause(id, signal)).toBe(true);
    expect(await engine.inspect(id, signal)).toMatchObject({ status: 'running' });
  });

  it.each([
    ['is not there', { cmd: ['/no/such'] }, /no such file or directory/],
    ['may not be run', { cmd: ['/bin'] }, /permission denied|is a directory/],
    [
      'is run by a user the image does not know',
      { cmd: ['/bin/sh'], user: 'nobody' },
      /unable to find user/,
    ],
  ])('whose command %s does not start, and says why', async (_, options, reason) => {
    const id = await made(engine, { image, ...options });
    expect(await engine.start(id, signal)).toEqual({
      started: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('that runs out of memory is killed, and says so', async () => {
    const hungry = { ...shell('x=aaaaaaaa; while :; do x=$x$x; done'), memory: 8 * 1024 * 1024 };
    const run = async () => {
      const id = await started(engine, hungry);
      expect(await engine.wait(id, signal)).toEqual({ exitCode: 137 });
      return (await engine.inspect(id, signal))?.oomKilled;
    };
    // The kernel tells of the end and of its reason by two ways, and the engine may miss the reason.
    await expect.poll(run, { timeout: 30_000 }).toBe(true);
  });

  it('tells its health and what the last probe printed', async () => {
    const name = `${repository}-health`;
    const interval = 100_000_000;
    await pushTestImage(registry, name, '1', {
      config: { Healthcheck: { Test: ['CMD', '/bin/echo', 'fine'], Interval: interval } },
    });
    const healthy = `${registry}/${name}:1`;
    await engine.pull(healthy, {}, signal);
    onTestFinished(() => void docker(host, 'rmi', '--force', healthy));
    const id = await started(engine, { image: healthy, cmd: ['/bin/sleep', '100000'] });
    await expect
      .poll(async () => (await engine.inspect(id, signal))?.health, { timeout: 30_000 })
      .toEqual({ status: 'healthy', output: 'fine\n' });
  });

  it('that is not there is no fault', async () => {
    const gone = 'no-such-container';
    expect(await engine.inspect(gone, signal)).toBeUndefined();
    expect(await engine.start(gone, signal)).toBeUndefined();
    expect(await engine.wait(gone, signal)).toBeUndefined();
    expect(await engine.logs(gone, {}, signal)).toBeUndefined();
    expect(await engine.stats(gone, signal)).toBeUndefined();
    expect(await engine.exec(gone, { command: ['/bin/echo'] }, signal)).toBeUndefined();
    for (const done of [
      engine.stop(gone, 0, signal),
      engine.kill(gone, 'SIGTERM', signal),
      engine.pause(gone, signal),
      engine.unpause(gone, signal),
    ]) {
      expect(await done).toBe(false);
    }
    await engine.remove(gone, signal);
    expect(
      await engine.createContainer({ image: 'no-such-image', owner: 'tests' }, signal),
    ).toBeUndefined();
    expect(await engine.inspect('../images/json', signal)).toBeUndefined();
  });

  it('is removed running, by many at once, and again', async () => {
    const id = await started(engine, forever);
    await Promise.all(Array.from({ length: 4 }, () => engine.remove(id, signal)));
    expect(await engine.inspect(id, signal)).toBeUndefined();
    await engine.remove(id, signal);
  });

  it('is found by its owner, among those made here only', async () => {
    const owner = crypto.randomUUID();
    const name = `tests-${owner}`;
    const other = docker(host, 'create', '--label', 'other=1', image, '/bin/sh');
    onTestFinished(() => void docker(host, 'rm', other));
    const one = await started(engine, { ...forever, owner, name });
    const two = await made(engine, { ...forever, owner: `${owner}-2` });
    expect(await engine.listContainers({ owner }, signal)).toEqual([
      { id: one, name, owner, image, status: 'running', created: expect.any(Date) },
    ]);
    const all = (await engine.listContainers({}, signal)).map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([one, two]));
    expect(all).not.toContain(other);
  });

  it('of a name that is taken is the engine’s refusal', async () => {
    const name = `tests-${crypto.randomUUID()}`;
    await made(engine, { ...forever, name });
    await expect(made(engine, { ...forever, name })).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/answers 409: Conflict/),
    });
  });

  it('does not show the values of its environment in an address', async () => {
    const id = await made(engine, { ...forever, environment: { TOKEN: 'secret' } });
    expect(docker(host, 'inspect', '--format', '{{json .Config.Env}}', id)).toContain(
      'TOKEN=secret',
    );
  });
});

describe.skipIf(!bed)('a container that is looked at', () => {
  it('tells what it wrote, as docker diff does', async () => {
    const script = 'echo x > /new; busybox rm /bin/nc; echo y > /etc-file; echo up; sleep 100000';
    const id = await started(engine, shell(script));
    await up(id);
    const changes = (await engine.changes(id, signal)) ?? [];
    const letters = { modified: 'C', added: 'A', deleted: 'D' };
    expect(changes.map(({ path, kind }) => `${letters[kind]} ${path}`).sort()).toEqual(
      docker(host, 'diff', id).split('\n').sort(),
    );
    expect(changes).toContainEqual({ path: '/bin/nc', kind: 'deleted' });
    expect(await engine.changes('no-such-container', signal)).toBeUndefined();
    const idle = await started(engine, forever);
    expect(await engine.changes(idle, signal)).toEqual([]);
  });

  it('tells who its processes are, by the kernel', async () => {
    const id = await started(engine, { ...polite, user: '1234:2345' });
    await up(id);
    const pid = dockerJson(host, 'inspect', id).State.Pid;
    const processes = (await engine.processes(id, signal)) ?? [];
    expect(processes.find((one) => one.pid === pid)).toEqual({
      ...{ pid, uid: 1234, gid: 2345, command: 'sh' },
    });
    expect(processes.map(({ command }) => command).sort()).toEqual(['sh', 'sleep']);
    await engine.kill(id, 'SIGKILL', signal);
    await engine.wait(id, signal);
    expect(await engine.processes(id, signal)).toBeUndefined();
    expect(await engine.processes('no-such-container', signal)).toBeUndefined();
  });

  it('is kept apart as docker info says', async () => {
    const { SecurityOptions } = JSON.parse(docker(host, 'info', '--format', '{{json .}}'));
    const text = SecurityOptions.join(' ');
    expect(await engine.isolation(signal)).toEqual({
      seccomp: /name=seccomp(?!,profile=unconfined)/.test(text),
      userNamespaces: /name=(userns|rootless)/.test(text),
    });
  });

  it('shares its volumes, which go with the last one that has them', async () => {
    const volumes = () => docker(host, 'volume', 'ls', '-q').split('\n').filter(Boolean);
    const before = volumes();
    const one = await started(engine, { ...shell('echo kept > /data/x'), volumes: ['/data'] });
    await engine.wait(one, signal);
    const two = await started(engine, { ...shell('cat /data/x'), volumesFrom: one });
    await engine.wait(two, signal);
    expect((await engine.logs(two, {}, signal))?.stdout).toBe('kept\n');
    expect(volumes()).toHaveLength(before.length + 1);
    await engine.remove(two, signal);
    await engine.remove(one, signal);
    expect(volumes()).toEqual(before);
  });

  it('gets one capability back, kernel parameters, and a health check as often as asked', async () => {
    const script = 'busybox chown 7:7 /bin && cat /proc/sys/net/ipv4/ip_unprivileged_port_start';
    const few = { dropCapabilities: ['ALL'], addCapabilities: ['CHOWN'] };
    const sysctls = { 'net.ipv4.ip_unprivileged_port_start': '1024' };
    const id = await made(engine, { ...shell(script), ...few, sysctls, healthIntervalMs: 1000 });
    const { HostConfig, Config } = dockerJson(host, 'inspect', id);
    expect([HostConfig.CapAdd, HostConfig.CapDrop]).toEqual([['CHOWN'], ['ALL']]);
    expect(Config.Healthcheck).toEqual({ Interval: 1_000_000_000 });
    await engine.start(id, signal);
    expect(await engine.wait(id, signal)).toEqual({ exitCode: 0 });
    expect((await engine.logs(id, {}, signal))?.stdout).toBe('1024\n');
  });
});

describe.skipIf(!bed)('what a container prints', () => {
  it('comes apart, whole and in order', async () => {
    const script = 'for i in 1 2 3; do echo out $i; echo err $i >&2; done; printf "no newline ä"';
    const id = await started(engine, shell(script));
    const output = await engine.logs(id, { follow: true }, signal);
    expect(output).toEqual({
      stdout: 'out 1\nout 2\nout 3\nno newline ä',
      stderr: 'err 1\nerr 2\nerr 3\n',
      truncated: false,
    });
  });

  it('comes from its end if wanted', async () => {
    const id = await started(engine, shell('for i in 1 2 3 4; do echo out $i; done'));
    await engine.wait(id, signal);
    expect((await engine.logs(id, { tail: 2 }, signal))?.stdout).toBe('out 3\nout 4\n');
  });

  it('is kept up to a bound, and is seen whole', async () => {
    const script = 'i=0; while [ $i -lt 3000 ]; do echo 123456789; i=$((i+1)); done; sleep 100000';
    const id = await started(engine, shell(script));
    const controller = new AbortController();
    let seen = 0;
    const onOutput = (_: string, bytes: Uint8Array) => {
      seen += bytes.length;
      if (seen >= 30_000) controller.abort('seen');
    };
    const following = engine.logs(id, { follow: true, maxBytes: 15, onOutput }, controller.signal);
    await expect(following).rejects.toThrow();
    expect(seen).toBe(30_000);
    expect(await engine.logs(id, { maxBytes: 15 }, signal)).toEqual({
      stdout: '123456789\n12345',
      stderr: '',
      truncated: true,
    });
  });

  it('may look like JSON', async () => {
    const id = await started(engine, shell('printf "{}"'));
    expect((await engine.logs(id, { follow: true }, signal))?.stdout).toBe('{}');
  });

  it('of one with a terminal is refused', async () => {
    const id = docker(host, 'create', '--tty', image, '/bin/echo', 'hello terminal');
    onTestFinished(() => void docker(host, 'rm', '--force', id));
    await engine.start(id, signal);
    await engine.wait(id, signal);
    await expect(engine.logs(id, {}, signal)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/with a terminal/),
    });
  });
});

describe.skipIf(!bed)('inside a container', () => {
  it('a command gives outputs and exit code, as docker exec does', async () => {
    const id = await started(engine, forever);
    const command = [
      '/bin/sh',
      '-c',
      'echo "$GREETING $0"; cat /proc/self/status >&2; exit 3',
      'x',
    ];
    const result = await engine.exec(
      id,
      { command, user: '77', environment: { GREETING: 'hi there' } },
      signal,
    );
    expect(result).toMatchObject({ exitCode: 3, stdout: 'hi there x\n', truncated: false });
    expect(result?.stderr).toMatch(/^Uid:\t77\t/m);
    expect(await engine.exec(id, { command: ['/bin/echo', 'hi'] }, signal)).toEqual({
      exitCode: 0,
      stdout: `${docker(host, 'exec', id, '/bin/echo', 'hi')}\n`,
      stderr: '',
      truncated: false,
    });
    const missing = await engine.exec(id, { command: ['/no/such'] }, signal);
    // The two codes a shell has for it; engines differ.
    expect([126, 127]).toContain(missing?.exitCode);
  });

  it('a command whose output is too much is read to its end', async () => {
    const id = await started(engine, forever);
    const command = [
      '/bin/sh',
      '-c',
      'i=0; while [ $i -lt 2000 ]; do echo 123456789; i=$((i+1)); done; exit 5',
    ];
    expect(await engine.exec(id, { command, maxBytes: 10 }, signal)).toEqual({
      exitCode: 5,
      stdout: '123456789\n',
      stderr: '',
      truncated: true,
    });
  });

  it('nothing runs once it has ended', async () => {
    const id = await started(engine, shell('exit 0'));
    await engine.wait(id, signal);
    expect(await engine.exec(id, { command: ['/bin/echo'] }, signal)).toBeUndefined();
    expect(await engine.stats(id, signal)).toBeUndefined();
  });

  it('use of processor and memory is counted', async () => {
    const memory = 64 * 1024 * 1024;
    const id = await started(engine, { ...forever, memory });
    await up(id);
    const stats = await engine.stats(id, signal);
    expect(stats).toMatchObject({ memoryLimit: memory });
    expect(stats?.pids).toBeGreaterThanOrEqual(1);
    expect(stats?.cpu).toBeGreaterThan(0);
    expect(stats?.memory).toBeGreaterThan(0);
  });
});
