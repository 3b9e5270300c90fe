import { describe, expect, it } from 'vitest';
import { repositoryRef } from './sources.ts';

describe('the place of a repository', () => {
  it.each([
    ['file:repo', 'file:/root/repo'],
    ['file:/srv/b', 'file:/srv/b'],
    ['file:///srv/b', 'file:/srv/b'],
    ['repo', 'file:/root/repo'],
    ['s3://bucket/a/b', 's3://bucket/a/b'],
    ['s3:http://host:9000/bucket', 's3:http://host:9000/bucket'],
  ])('is %s', (text, url) => {
    expect(repositoryRef(text, '/root')).toEqual({ url });
  });

  it.each(['s3:bucket', 's3:http://key:secret@host/bucket', 'file:'])('is not %s', (text) => {
    expect(() => repositoryRef(text, '/root')).toThrow(
      expect.objectContaining({ code: 'usage-invalid' }),
    );
  });
});
