import { describe, expect, it } from 'vitest';
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
