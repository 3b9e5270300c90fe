import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it, vi } from 'vitest';
import { createProcessRunner } from './execa.ts';

const { signal } = new AbortController();
const runner = createProcessRunner();

describe('the process runner', () => {
  it('gives exit code and both outputs, without a shell', async () => {
    const script = 'process.stdout.write(process.argv[1]); process.exit(3)';
    const result = await runner.run(process.execPath, ['-e', script, '$(id)'], { signal });
    expect(result).toEqual({ exitCode: 3, stdout: '$(id)', stderr: '' });
  });

  it('hands over input', async () => {
    const result = await runner.run('cat', [], { signal, input: 'text' });
    expect(result.stdout).toBe('text');
  });

  it('says that a tool is missing', async () => {
    await expect(runner.run('no-such-tool', [], { signal })).rejects.toMatchObject({
      code: 'tool-missing',
    });
  });

  it('says that a tool ran out of time or was killed', async () => {
    await expect(runner.run('sleep', ['60'], { signal, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'tool-failed',
      message: "'sleep' ran out of time",
    });
    await expect(runner.run('sh', ['-c', 'kill -KILL $$'], { signal })).rejects.toMatchObject({
      code: 'tool-failed',
    });
  });

  it('ends the tool when the signal aborts, and rejects with its reason', async () => {
    const controller = new AbortController();
    const running = runner.run('sleep', ['60'], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('a program on streams', () => {
  const node = (script: string, ...args: string[]) =>
    [process.execPath, ['-e', script, ...args]] as const;
  const collect = async (stdout: Readable) => Buffer.concat(await stdout.toArray()).toString();

  it('reads and writes more than any buffer holds', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let count = 0;
    const result = await runner.stream('cat', [], {
      signal,
      input: Readable.from(Array.from({ length: 100 }, () => chunk)),
      async output(stdout) {
        for await (const bytes of stdout) count += bytes.length;
        return 'read';
      },
    });
    expect([result.value, count]).toEqual(['read', 100 * chunk.length]);
  });

  it('gives its output no end when it fails after all was written', async () => {
    const seen: string[] = [];
    const [command, args] = node(
      "process.stdout.write('whole'); process.stderr.write('why'); process.exitCode = 3",
    );
    const running = runner.stream(command, args, {
      signal,
      async output(stdout) {
        stdout.on('data', (bytes) => seen.push(String(bytes)));
        stdout.on('end', () => seen.push('end'));
        await finished(stdout);
      },
    });
    await expect(running).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('ended with 3: why'),
    });
    expect(seen).toEqual(['whole']);
  });

  it('says that it was killed, though it wrote all', async () => {
    const running = runner.stream('sh', ['-c', 'echo whole; kill -KILL $$'], {
      signal,
      output: collect,
    });
    await expect(running).rejects.toMatchObject({
      code: 'tool-failed',
      message: "'sh' ended by SIGKILL",
    });
  });

  it('says that it is missing', async () => {
    const running = runner.stream('no-such-tool', [], { signal, output: collect });
    await expect(running).rejects.toMatchObject({ code: 'tool-missing' });
  });

  it('throws what its caller makes of its end', async () => {
    const running = runner.stream('sh', ['-c', 'echo no >&2; exit 7'], {
      signal,
      output: collect,
      failure: ({ exitCode, stderr }) => new Error(`${exitCode} ${stderr}`),
    });
    await expect(running).rejects.toThrow('7 no\n');
  });

  it('is ended with all it started when the signal aborts, even while nobody reads', async () => {
    const controller = new AbortController();
    const script = 'yes & echo $! >&2; yes';
    let inner = 0;
    const running = runner.stream('sh', ['-c', script], {
      signal: controller.signal,
      async output(stdout) {
        await once(stdout, 'readable');
        inner = await childNamed('yes');
        controller.abort(new Error('enough'));
        await finished(stdout);
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(inner).toBeGreaterThan(0);
    await vi.waitUntil(() => hasEnded(inner));
  });

  it('is ended when its input breaks, and the break is what is told', async () => {
    const input = new Readable({ read() {} });
    input.push('part');
    const running = runner.stream('cat', [], {
      signal,
      input,
      async output(stdout) {
        await once(stdout, 'readable');
        input.destroy(new Error('torn'));
        return collect(stdout);
      },
    });
    await expect(running).rejects.toThrow('torn');
  });

  it('is ended when its reader gives up', async () => {
    const running = runner.stream('yes', [], {
      signal,
      async output() {
        throw new Error('full');
      },
    });
    await expect(running).rejects.toThrow('full');
  });

  it('may close its input early, also while nothing is on its way', async () => {
    const input = new PassThrough();
    input.write('0123456789');
    const result = await runner.stream('head', ['-c', '5'], { signal, input, output: collect });
    expect(String(result.value)).toBe('01234');
    expect(input.destroyed).toBe(true);
  });

  it('may close its input early', async () => {
    const input = Readable.from(Array.from({ length: 1000 }, () => Buffer.alloc(64 * 1024)));
    const result = await runner.stream('head', ['-c', '5'], { signal, input, output: collect });
    expect(result.value).toHaveLength(5);
    expect(input.destroyed).toBe(true);
  });
});

/** Gone, or a zombie that nobody has waited for yet. */
async function hasEnded(pid: number): Promise<boolean> {
  const { stdout } = await runner.run('ps', ['-o', 'stat=', '-p', String(pid)], { signal });
  return stdout.trim() === '' || stdout.startsWith('Z');
}

/** A process below this one, found by its name. */
async function childNamed(name: string): Promise<number> {
  const { stdout } = await runner.run('ps', ['-eo', 'pid=,ppid=,comm='], { signal });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const below = (pid: string): string[][] =>
    rows.filter(([, parent]) => parent === pid).flatMap((row) => [row, ...below(row[0] ?? '')]);
  return Number(below(String(process.pid)).find(([, , comm]) => comm === name)?.[0] ?? 0);
}
