import { isExecutable } from '../wanted.ts';
import { apk } from './apk/index.ts';
import { dpkg } from './dpkg/index.ts';
import { createGoReader } from './go/index.ts';
import { npm } from './npm/index.ts';
import type { PackageFile, PackageList } from './package.ts';
import { python } from './python/index.ts';
import { rpm } from './rpm/index.ts';

const files: readonly PackageFile[] = [dpkg, apk, rpm, npm, python];

/** Reads packages from a file while its bytes go by in the one pass over a layer. */
export interface PackageReader {
  feed(chunk: Uint8Array): void;
  /** Undefined when the file lists no packages after all. */
  end(): PackageList | undefined;
}

/** Undefined for a file that cannot list any. */
export function packageReader(path: string, mode: number): PackageReader | undefined {
  for (const file of files) {
    const wanted = file.wants(path);
    if (wanted > 0) return readerOf(file, path, wanted);
  }
  return isExecutable(mode) ? createGoReader() : undefined;
}

function readerOf(file: PackageFile, path: string, wanted: number): PackageReader {
  const parts: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  return {
    feed(chunk) {
      const part = chunk.subarray(0, wanted - size);
      if (part.length < chunk.length) isWhole = false;
      if (part.length > 0) parts.push(Buffer.from(part));
      size += part.length;
    },
    end: () => file.read(Buffer.concat(parts), path, isWhole),
  };
}
