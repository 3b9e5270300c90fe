import { expect, it } from 'vitest';
import { sha256 } from './digest.ts';
import { choosePlatform } from './platform.ts';

const entry = (platform: string) => {
  const [os = '', architecture = '', variant] = platform.split('/');
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: sha256(platform),
    size: 1,
    annotations: { platform },
    platform: { os, architecture, ...(variant && { variant }) },
  };
};

const entries = [
  'linux/arm/v5',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/arm64/v8',
  'linux/amd64/v3',
  'linux/amd64',
  'windows/amd64',
  'linux/riscv64',
].map(entry);

it.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/amd64/v2', 'linux/amd64'],
  ['linux/amd64/v4', 'linux/amd64/v3'],
  ['windows/amd64', 'windows/amd64'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/arm/v4', undefined],
  ['linux/arm64', 'linux/arm64/v8'],
  ['linux/riscv64', 'linux/riscv64'],
  ['linux/s390x', undefined],
])('%s runs %s', (wanted, chosen) => {
  expect(choosePlatform(entries, entry(wanted).platform)?.annotations.platform).toBe(chosen);
});
