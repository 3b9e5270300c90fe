import { expect, it } from 'vitest';
import type { BackupEvent } from '../backup/systems.ts';
import { backupProgress } from './backup-progress.ts';

const mebibyte = 1024 * 1024;

function shown(isTTY: boolean, events: readonly (readonly [atMs: number, event: BackupEvent])[]) {
  let text = '';
  let time = 0;
  const write = (piece: string | Uint8Array) => {
    text += String(piece);
    return true;
  };
  const on = () => process.stderr;
  const progress = backupProgress({
    quiet: false,
    stream: { isTTY, write, on },
    now: () => time,
  });
  for (const [at, event] of events) {
    time = at;
    progress.onEvent(event);
  }
  return text;
}

const verify = [
  [0, { type: 'step', name: 'verify' }],
  [0, { type: 'expected', bytes: 60 * mebibyte }],
  [0, { type: 'expected', bytes: 60 * mebibyte }],
  [6000, { type: 'bytes', bytes: 30 * mebibyte }],
  [24_000, { type: 'done', name: 'verify', durationMs: 24_000 }],
] as const;

it('says on a terminal how fast it goes, and how long it takes', () => {
  expect(shown(true, verify).split('\r\u001b[K')).toEqual([
    '',
    'verify',
    'verify, 30.0 MiB of 120.0 MiB at 5.0 MiB/s, about 18 s left',
    'verify: 24 s, 30.0 MiB of 120.0 MiB at 1.3 MiB/s\n',
  ]);
});

it('writes JSON lines elsewhere', () => {
  const lines = shown(false, verify)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { event: 'step', step: 'verify' },
    {
      event: 'progress',
      ...{ step: 'verify', bytes: 30 * mebibyte, expectedBytes: 120 * mebibyte },
      ...{ bytesPerSecond: 5 * mebibyte, secondsLeft: 18 },
    },
    { event: 'done', step: 'verify', seconds: 24, bytes: 30 * mebibyte },
  ]);
});

it('does not guess what nobody knows', () => {
  const bucket = [
    [0, { type: 'step', name: 'bucket files' }],
    [5000, { type: 'bytes', bytes: mebibyte }],
  ] as const;
  expect(JSON.parse(shown(false, bucket).split('\n')[1] ?? '')).toMatchObject({
    ...{ expectedBytes: null, secondsLeft: null },
  });
  const more = [
    ...bucket.slice(0, 1),
    [0, { type: 'expected', bytes: 10 }],
    [5000, { type: 'bytes', bytes: mebibyte }],
  ] as const;
  expect(shown(true, more)).toContain('bucket files, 1.0 MiB at 204.8 KiB/s');
});
