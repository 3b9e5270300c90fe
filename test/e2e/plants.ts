import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { packageFile } from '../../src/core/package-root.ts';
import type { RunRecord } from '../../src/core/record.ts';

/** What is wrong with release v3 of the example, on purpose. */
export interface Plant {
  readonly item: number;
  readonly what: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export async function plantsOf(...items: readonly number[]): Promise<Plant[]> {
  const plants: Plant[] = parse(await readFile(packageFile('examples/shop/plants.yaml'), 'utf8'));
  return plants.filter(({ item }) => items.includes(item));
}

/** Image plants stand in the image and have no line: the finding has to name the path. */
export function isNamed({ file, line, column }: Plant, record: RunRecord): boolean {
  return record.findings.some(({ location }) => {
    if (!file.startsWith('image:')) {
      return location.file === file && location.line === line && location.column === column;
    }
    const path = file.slice('image:'.length).replace(/^\//, '');
    return location.path?.replace(/^\//, '').startsWith(path) === true;
  });
}
