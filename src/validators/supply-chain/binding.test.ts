import { describe, expect, it } from 'vitest';
import { bindingOf } from './binding.ts';
import type { Subject, SubjectName } from './document.ts';
import { configDigest, indexDigest, otherDigest, sampleImage } from './testing.ts';

const about = (names: readonly SubjectName[], architecture?: string): { subject: Subject } => ({
  subject: {
    names,
    reference: 'shop:2.0.0',
    platform: architecture === undefined ? null : { os: 'linux', architecture },
  },
});
const any = (digest: string): SubjectName => ({ digest, of: 'any' });

describe('a document is bound to an image', () => {
  it('by the digest of its config, of its manifest and of its index', async () => {
    const image = await sampleImage();
    const of = (digest: string) => bindingOf(about([any(digest)]), image);
    expect(of(configDigest)).toEqual({ state: 'bound', by: 'config' });
    expect(of(image.digest)).toEqual({ state: 'bound', by: 'manifest' });
    expect(of(indexDigest)).toEqual({ state: 'bound', by: 'index' });
  });

  it('although a registry knows another manifest of the same config', async () => {
    const names = [any(otherDigest), { digest: configDigest, of: 'config' } as const];
    expect(bindingOf(about(names), await sampleImage())).toMatchObject({ by: 'config' });
  });

  it('not by another digest, and not by a name alone', async () => {
    const image = await sampleImage();
    const other = bindingOf(about([any(otherDigest)]), image);
    expect(other).toEqual({ state: 'other-image', named: otherDigest });
    expect(bindingOf(about([]), image)).toEqual({ state: 'unbound' });
    expect(bindingOf({ subject: null }, image)).toEqual({ state: 'general' });
  });

  it('not when of the same index another image was looked at', async () => {
    const image = await sampleImage();
    const byConfig = about([any(indexDigest), { digest: otherDigest, of: 'config' }]);
    expect(bindingOf(byConfig, image)).toEqual({ state: 'other-platform', named: otherDigest });
    const byPlatform = bindingOf(about([any(indexDigest)], 'arm64'), image);
    expect(byPlatform).toEqual({ state: 'other-platform', named: 'linux/arm64' });
    expect(bindingOf(about([any(indexDigest)], 'x86_64'), image)).toMatchObject({ by: 'index' });
  });
});
