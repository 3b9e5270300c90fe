import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { fileEntry, textEntry } from './entries.ts';
import type { LayerPlan } from './layer.ts';

/** The service itself, with the migrations that belong to it. */
export async function appPlan(release: string, version: string): Promise<LayerPlan> {
  const migrations = join(import.meta.dirname, '../releases', release, 'migrations');
  const names = await readdir(migrations);
  const manifest = { name: 'shop', version, type: 'module' };
  return {
    createdBy: `COPY shop ${version} /app`,
    entries: [
      textEntry('/app/main.js', await bundle(release)),
      textEntry('/app/package.json', `${JSON.stringify(manifest)}\n`),
      ...names.map((name) => fileEntry(`/app/migrations/${name}`, join(migrations, name))),
    ],
  };
}
