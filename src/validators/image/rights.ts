import type { LayerEntry } from './layer.ts';

/** What a file gives to whoever starts it. A folder's setgid bit only hands its group on to new files. */
export function rightsOf({ type, mode, uid, gid, capability }: LayerEntry) {
  if (type !== 'file') return undefined;
  if (mode & 0o4000) return { messageId: 'setuid', owner: uid };
  if (mode & 0o2000) return { messageId: 'setgid', owner: gid };
  return capability ? { messageId: 'capability', owner: uid } : undefined;
}
