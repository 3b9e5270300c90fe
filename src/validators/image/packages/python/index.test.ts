import { expect, it } from 'vitest';
import { python } from './index.ts';

const read = (text: string) => python.read(Buffer.from(text), '', true).packages;

it('reads the head, and not the description', () => {
  const text =
    'Metadata-Version: 2.4\r\nName: Flask-Login\r\nVersion: 0.6.3\r\n\r\nName: other\r\nVersion: 9\r\n';
  expect(read(text)).toEqual([{ type: 'pypi', name: 'Flask-Login', version: '0.6.3' }]);
  expect(read('Metadata-Version: 2.4\n\nName: a\nVersion: 1\n')).toEqual([]);
});

it.each([
  ['usr/lib/python3/dist-packages/flask-3.0.0.dist-info/METADATA', true],
  ['venv/lib/python3.13/site-packages/a.egg-info/PKG-INFO', true],
  ['usr/lib/python3/dist-packages/old-1.0.egg-info', true],
  ['usr/lib/python3/dist-packages/flask-3.0.0.dist-info/RECORD', false],
  ['METADATA', false],
])('wants %s: %s', (path, wanted) => {
  expect(python.wants(path) > 0).toBe(wanted);
});
