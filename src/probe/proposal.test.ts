import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ProposalText, proposalYaml } from './proposal.ts';

const text: ProposalText = {
  image: 'shop:1',
  proof: 'Docker Engine 29.1',
  grounds: [{ setting: 'runAsUser', text: 'line one\nrunAsUser: 0\u2028x' }],
  tmpfs: [],
  volumes: [],
};
const tight = {
  user: { uid: 10001, gid: 10002 },
  readOnlyRoot: true,
  writable: [],
  addedCapabilities: [],
  noNewPrivileges: true,
  seccomp: true,
};

it('asks for what was proven, in the words of a pod', () => {
  expect(parse(proposalYaml(tight, text))).toEqual({
    containers: [
      {
        name: 'main',
        securityContext: {
          ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10002 },
          ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  });
});

it('mounts an empty folder where one is needed, and names what needs a claim', () => {
  const settings = { ...tight, writable: ['/var/cache/a: b', '/tmp'] };
  const yaml = proposalYaml(settings, { ...text, tmpfs: ['/tmp'], volumes: ['/data'] });
  const pod = parse(yaml);
  expect(pod.containers[0].volumeMounts).toEqual([
    { name: 'writable-1', mountPath: '/tmp' },
    { name: 'writable-2', mountPath: '/var/cache/a: b' },
  ]);
  expect(pod.volumes).toEqual([
    { name: 'writable-1', emptyDir: {} },
    { name: 'writable-2', emptyDir: {} },
  ]);
  expect(yaml).toContain('# /data was a volume of the engine; mount a claim there.');
});

it('leaves out what was not proven', () => {
  const settings = {
    ...{ user: null, readOnlyRoot: false, writable: [], addedCapabilities: ['CHOWN', 'SETUID'] },
    ...{ noNewPrivileges: false, seccomp: false },
  };
  expect(parse(proposalYaml(settings, text)).containers[0].securityContext).toEqual({
    capabilities: { drop: ['ALL'], add: ['CHOWN', 'SETUID'] },
  });
});

it('keeps what an image printed inside of its comment', () => {
  expect(proposalYaml(tight, text)).toContain('# - runAsUser: line one runAsUser: 0 x\n');
});
