import { describe, expect, it } from 'vitest';
import { readSchemaPool } from '../../../src/validators/manifest/schema-pool.ts';
import { systems } from '../../systems/bed.ts';
import { kubectl } from '../../systems/kubernetes.ts';

const bed = await systems('kubernetes');

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** The kinds of a group version that one can create, as the server's discovery has them. */
async function creatable(path: string, apiVersion: string): Promise<string[]> {
  const resources: Resource[] = JSON.parse(await kubectl(['get', '--raw', path])).resources;
  return resources
    .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('create'))
    .map(({ kind }) => `${apiVersion}/${kind}`);
}

describe.skipIf(!bed)('a real API server', () => {
  it('serves without being told to what the pool says', async () => {
    const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json']));
    const api = (await readSchemaPool()).api(serverVersion.gitVersion);
    const own = [...(api?.kinds ?? [])].filter(([, kind]) => kind.byDefault).map(([key]) => key);
    const groups: { versions: { groupVersion: string }[] }[] = JSON.parse(
      await kubectl(['get', '--raw', '/apis']),
    ).groups;
    const served = await creatable('/api/v1', 'v1');
    for (const { groupVersion } of groups.flatMap(({ versions }) => versions)) {
      // The groups of custom resources are not the server's own.
      const prefix = `${groupVersion.split('/')[0]}/`;
      if (![...(api?.kinds.keys() ?? [])].some((key) => key.startsWith(prefix))) continue;
      served.push(...(await creatable(`/apis/${groupVersion}`, groupVersion)));
    }
    expect(served.length).toBeGreaterThan(40);
    expect(served.sort()).toEqual(own.sort());
  });
});
