import { describe, expect, it } from 'vitest';
import { type Asked, requestOf } from './asked.ts';

const of = (asked: Asked) => requestOf('shop:1', 'shop:1', {}, asked);

describe('what is asked for', () => {
  it('has the times and the network of a container that nothing is said of', () => {
    expect(of({})).toMatchObject({
      ...{ command: undefined, args: undefined, memory: null, network: 'bridge' },
      ...{ ready: { by: 'default' }, readyMs: 60_000, settleMs: 3000, graceSeconds: 30 },
    });
  });

  it('takes commands as words and as JSON', () => {
    expect(of({ command: ' sh  -c true ' }).command).toEqual(['sh', '-c', 'true']);
    expect(of({ args: '["-c", "a b"]' }).args).toEqual(['-c', 'a b']);
    for (const command of ['["a"', '[1]', '[["a"]]']) {
      expect(() => of({ command })).toThrow(/--command .*: expected words, or a JSON list/);
    }
  });

  it('takes folders of the container, once each', () => {
    expect(of({ tmpfs: ['/tmp', '/tmp/', '/var/run'] }).tmpfs).toEqual(['/tmp', '/var/run']);
    for (const path of ['/', 'tmp', '/a/../b', '/a/..', '//a', '/.', '']) {
      expect(() => of({ volumes: [path] })).toThrow('a path in the container');
    }
    const many = Array.from({ length: 33 }, (_, at) => `/d${at}`);
    expect(() => of({ tmpfs: many })).toThrow('33 folders, at most 32');
  });

  it('takes memory as Kubernetes does', () => {
    expect(of({ memory: '64Mi' }).memory).toBe(67_108_864);
    for (const memory of ['0', '-1Mi', '64MB', '100m', 'much']) {
      expect(() => of({ memory })).toThrow('a quantity such as 128Mi');
    }
  });

  it('lends no network of this machine', () => {
    expect(of({ network: 'none' }).network).toBe('none');
    for (const network of ['host', 'container:abc', '']) {
      expect(() => of({ network })).toThrow('expected the name of a network');
    }
  });

  it('takes every way to say that it is ready', () => {
    const ready = (text: string) => of({ ready: text }).ready;
    expect(ready('http:8080/healthz')).toEqual({ by: 'http', port: 8080, path: '/healthz' });
    expect(ready('http:80')).toEqual({ by: 'http', port: 80, path: '/' });
    expect(ready('log:listening on :80')).toEqual({ by: 'log', text: 'listening on :80' });
    expect(['health', 'exit', 'settled'].map((text) => ready(text).by)).toEqual([
      ...['health', 'exit', 'settled'],
    ]);
    for (const text of ['http:0/', 'http:65536', 'http:80/a b', 'log:', 'tcp:80', '']) {
      expect(() => ready(text)).toThrow('expected health, http:PORT/PATH');
    }
  });

  it('rounds the grace up to seconds, as engines count it', () => {
    expect(of({ graceMs: 1500 }).graceSeconds).toBe(2);
    expect(() => of({ settleMs: 7_200_000 })).toThrow('at most one hour');
  });
});
