import { existsSync } from 'node:fs';
import { directoryEntry, fileEntry, textEntry } from './entries.ts';
import type { LayerPlan } from './layer.ts';

/** Taken from the machine when it has them; os-release says where the libraries come from. */
const hostFiles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/os-release'];

/** What a process expects of a Linux system besides its libraries. */
export const systemPlan = (appUid: number): LayerPlan => ({
  createdBy: 'COPY passwd, group, nsswitch.conf, os-release and CA certificates',
  entries: [
    textEntry(
      '/etc/passwd',
      [
        'root:x:0:0:root:/root:/usr/sbin/nologin',
        `app:x:${appUid}:${appUid}:shop:/app:/usr/sbin/nologin`,
        'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
        '',
      ].join('\n'),
    ),
    textEntry('/etc/group', `root:x:0:\napp:x:${appUid}:\nnogroup:x:65534:\n`),
    textEntry('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    ...hostFiles.filter((path) => existsSync(path)).map((path) => fileEntry(path, path)),
    directoryEntry('/tmp', 0o1777),
  ],
});
