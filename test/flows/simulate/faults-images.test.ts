import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { pushIndex, pushTestImage } from '../../systems/images.ts';
import {
  decidedMs,
  describeFaults,
  expectNamed,
  type Fault,
  openScene,
  type Scene,
} from './fault.ts';
import { nodeRegistry } from './node-registry.ts';
import { bench, firstLine, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';

const faults: readonly Fault[] = [
  {
    name: 'an image that does not exist',
    release: (image) => [workload(image.replace(/@.*/, ':never-pushed'), 'web')],
    says: /^NO-GO {2}Deployment\/web, container main: the image does not exist: .*:never-pushed: not found; push it/,
    async also(kept) {
      const [pod] = (await kept.objects()).filter(({ kind }) => kind === 'Pod');
      const made = Date.parse(pod?.metadata.creationTimestamp ?? '');
      expect(decidedMs(kept) - made).toBeLessThan(20_000);
    },
  },
  {
    name: 'an image of an init container that does not exist',
    release: (image) => [
      workload(image, 'web', {
        pod: { initContainers: [{ name: 'prepare', image: image.replace(/@.*/, ':never') }] },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container prepare: the image does not exist: .*:never: not found; push it/,
  },
  {
    name: 'an image that is only made for other machines',
    release: () => [workload(`${registry}/test/other:arm`, 'web')],
    says: /^NO-GO {2}Deployment\/web, container main: the image is not made for the nodes: .*no match for platform in manifest.*; build it for their platform/,
  },
  {
    name: 'a program that is made for other machines',
    release: () => [
      workload(`${registry}/test/foreign:1`, 'web', { container: { command: ['/serve'] } }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: .*exec \/serve: exec format error/,
  },
  {
    name: 'an image name that is none',
    release: () => [workload('Registry.example/Web:1:2', 'web')],
    says: /^NO-GO {2}Deployment\/web, container main: the reference of the image cannot be used: Registry\.example\/Web:1:2: .*; correct it/,
  },
  {
    name: 'an image that may not be pulled and is not on the node',
    release: (image) => [
      workload(image.replace(/@.*/, ':never'), 'web', { container: { imagePullPolicy: 'Never' } }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: the reference of the image cannot be used: .*:never: .*not present with pull policy of Never; correct it/,
  },
  {
    name: 'a registry that does not answer, until the time is over',
    release: () => [workload('127.0.0.1:9/test/busybox:1', 'web')],
    says: /^NO-GO {2}Deployment\/web, container main: the image could not be pulled in time: .*connection refused; look at the registry/,
    ended: 'deadline',
    flags: ['--ready-timeout', '15s'],
  },
];

/** The header of a program for arm64. */
function armProgram(): Uint8Array {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(0xb7, 18);
  return header;
}

if (bed) {
  const digest = await pushTestImage(registry, 'test/other', 'base');
  await pushIndex(registry, 'test/other', 'arm', [{ os: 'linux', architecture: 'arm64', digest }]);
  const files = [{ path: 'serve', mode: 0o755, content: armProgram() }];
  await pushTestImage(registry, 'test/foreign', '1', { files });
}

describeFaults('an image that cannot be had is named', bed, faults);

describe.skipIf(!bed)('a registry of the nodes', () => {
  let scene: Scene;
  beforeAll(async () => {
    if (bed) scene = await openScene(bed);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());
  // No other registry of the nodes has these ports.
  const [lockedAddress, lateAddress] = ['127.0.0.1:20901', '127.0.0.1:20902'];
  const imageOf = (address: string) => scene.image.replace(/^[^/]+/, address);

  it.concurrent('that lets nobody in is named', { timeout: 240_000 }, async () => {
    await using _ = await nodeRegistry(lockedAddress, true);
    await expectNamed(scene, {
      name: 'a registry that asks for credentials',
      release: () => [workload(imageOf(lockedAddress), 'web')],
      says: /^NO-GO {2}Deployment\/web, container main: the registry does not let the node have the image: 127\.0\.0\.1:20901\/test\/busybox@sha256:\w+: .*(401|no basic auth credentials|authorization failed).*; give the pod an imagePullSecret/,
    });
  });

  it.concurrent('that comes late fails nothing', { timeout: 240_000 }, async () => {
    await using own = await bench(scene.bed);
    // The nodes may have it from a run before.
    const container = { imagePullPolicy: 'Always' };
    await own.manifests(workload(imageOf(lateAddress), 'web', { container }));
    const flags = ['--namespace', scene.namespace, '--soak', '1s'];
    const running = own.start('simulate', 'release.json', ...flags);
    await running.line(/connection refused/);
    await using _ = await nodeRegistry(lateAddress, false);
    const result = await running.ended;
    expect(firstLine(result), result.stderr).toMatch(
      /^GO {2}Deployment\/web 1 of 1 pods available/,
    );
  });
});
