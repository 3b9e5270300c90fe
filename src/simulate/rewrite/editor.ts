import { formatPath, isRecord, type Path, partAt } from '../../validators/manifest/read.ts';
import type { Rewrite } from '../observation.ts';

/** One object being rewritten; every change is written down. */
export interface Editor {
  readonly kind: string;
  at(...path: Path): unknown;
  /** The indexes of a list; none when there is no list. */
  indexes(...path: Path): readonly number[];
  /** Sets a value; makes the maps above it. Nothing is noted when it is that already. */
  set(path: Path, to: unknown, why: string): void;
  /** Replaces part of a text: the note shows the part, not the text, which may hold a password. */
  replace(path: Path, text: string, part: { from: string; to: string }, why: string): void;
  drop(path: Path, why: string): void;
}

export interface WhatRewritesSee {
  /** Name of the temporary namespace. */
  readonly sandbox: string;
  /** The namespaces that the sandbox stands for. */
  readonly sources: ReadonlySet<string>;
  /** By image name without tag and digest. */
  readonly images: ReadonlyMap<string, string>;
  /** At most so many pods of a workload; undefined for as many as it asks for. */
  readonly replicas?: number | undefined;
  /** `StorageClass/fast`: classes of the release that the cluster does not have. */
  readonly newClasses?: ReadonlySet<string> | undefined;
}

export type RewriteRule = (edit: Editor, see: WhatRewritesSee) => void;

type Mutable = Record<string, unknown>;

export function createEditor(
  value: Mutable,
  object: { readonly kind: string; readonly name: string },
  note: (rewrite: Rewrite) => void,
): Editor {
  const label = `${object.kind}/${object.name}`;
  const parentOf = (path: Path): unknown => {
    let parent: unknown = value;
    for (const step of path.slice(0, -1)) {
      if (Array.isArray(parent)) parent = parent[Number(step)];
      else if (isMutable(parent)) {
        parent[step] ??= {};
        parent = parent[step];
      }
    }
    return parent;
  };
  const put = (path: Path, to: unknown): void => {
    const parent = parentOf(path);
    const last = path.at(-1) ?? '';
    if (Array.isArray(parent)) parent[Number(last)] = to;
    else if (isMutable(parent)) parent[last] = to;
  };
  return {
    kind: object.kind,
    at: (...path) => partAt(value, ...path),
    indexes(...path) {
      const list = partAt(value, ...path);
      return Array.isArray(list) ? list.map((_, index) => index) : [];
    },
    set(path, to, why) {
      const from = partAt(value, ...path);
      if (from === to) return;
      put(path, to);
      note({ object: label, path: formatPath(path), from: shown(from), to: shown(to), why });
    },
    replace(path, text, { from, to }, why) {
      put(path, text);
      note({ object: label, path: formatPath(path), from, to, why });
    },
    drop(path, why) {
      const from = partAt(value, ...path);
      if (from === undefined) return;
      const parent = parentOf(path);
      if (isMutable(parent)) delete parent[path.at(-1) ?? ''];
      note({ object: label, path: formatPath(path), from: shown(from), to: null, why });
    },
  };
}

function isMutable(value: unknown): value is Mutable {
  return isRecord(value);
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
