import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../scripts/soak/random.ts';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { readSchemaPool } from '../../../src/validators/manifest/schema-pool.ts';
import { findArtefact } from '../../../src/validators/manifest/server-rules/artefact.ts';
import {
  type ServerRules,
  startServerRules,
} from '../../../src/validators/manifest/server-rules/host.ts';
import { openAdmin } from '../../adapters/kube/administrator.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { bedSettings, compared } from './agreement.ts';
import { bases } from './bases.ts';
import { fieldsOf } from './fields.ts';
import { mutantOf } from './mutants.ts';
import { comparedUpdate, notComparable, store, stored } from './updates.ts';

const bed = await systems('kubernetes');
/** The soak `server-rules` tries more. */
const count = Number(process.env.DEPLOYCHECK_MUTANTS ?? 200);
const updates = Math.ceil(count / 4);

describe.skipIf(!bed)('the rules of the API server, without and with it', () => {
  let home: TestNamespace;
  let kube: Kube;
  let rules: ServerRules;

  beforeAll(async () => {
    home = await createNamespace('agreement');
    kube = await openAdmin(bed, home.name);
    const artefact = await findArtefact();
    if (!artefact) throw new Error('the module is not here');
    rules = startServerRules(artefact);
    await rules.ask([{ op: 'settings', settings: bedSettings }]);
    // Pods cannot be made before their account exists.
    await kubectl([
      '-n',
      home.name,
      'wait',
      '--for=create',
      'serviceaccount/default',
      '--timeout=60s',
    ]);
  });
  afterAll(async () => {
    kube?.close();
    await rules?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const against = () => ({ kube, rules, namespace: home.name });

  it('take every base', async () => {
    const refused = [];
    for (const object of bases) {
      const { accepted, state, problem } = await compared(object, against());
      if (!accepted || state !== '' || problem !== '')
        refused.push(`${object.kind}: ${problem || 'refused'}`);
    }
    expect(refused).toEqual([]);
  });

  it('agree about mutants, and a third is taken', async () => {
    const problems: string[] = [];
    let accepted = 0;
    for (let number = 1; number <= count; number += 1) {
      const { object, how } = mutantOf(bases, randomFrom(1_000_003 + number));
      const result = await compared(object, against());
      if (result.accepted) accepted += 1;
      if (result.problem !== '') problems.push(`${how}: ${result.problem}`);
    }
    expect(problems).toEqual([]);
    expect(accepted / count).toBeGreaterThan(0.3);
  }, 300_000);

  it('agree about every field whose value they look at', async () => {
    const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json']));
    const api = (await readSchemaPool()).api(serverVersion.gitVersion);
    if (!api) throw new Error('the pool does not know the version of the bed');
    const fields = fieldsOf(bases, api);
    const problems: string[] = [];
    let refused = 0;
    for (const { name, variants } of fields) {
      const answers = await rules.ask(variants.map((doc) => ({ op: 'check', doc, ns: home.name })));
      // One value that is refused and one that is taken, where there are such.
      for (const verdict of ['rejected', 'accepted']) {
        const at = answers.findIndex((answer) => answer.verdict === verdict);
        const variant = variants[at];
        if (!variant) continue;
        if (verdict === 'rejected') refused += 1;
        const { problem } = await compared(variant, against());
        if (problem !== '') problems.push(`${name}: ${problem}`);
      }
    }
    process.stdout.write(`${refused} of ${fields.length} fields have values that are refused\n`);
    expect(problems).toEqual([]);
    expect(refused).toBeGreaterThan(500);
  }, 600_000);

  it('agree about manifests applied over earlier ones', async () => {
    const objects = stored();
    await store(objects, home.name);
    const problems: string[] = [];
    const verdicts = { taken: 0, refused: 0 };
    for (let number = 1; number <= updates; number += 1) {
      const { object, base, how } = mutantOf(objects, randomFrom(2_000_003 + number));
      if (notComparable(base, object)) continue;
      const result = await comparedUpdate(base, object, against());
      verdicts[result.accepted ? 'taken' : 'refused'] += 1;
      if (result.problem !== '') problems.push(`${how}: ${result.problem}`);
    }
    expect(problems).toEqual([]);
    expect(verdicts.taken).toBeGreaterThan(updates / 5);
    expect(verdicts.refused).toBeGreaterThan(updates / 5);
  }, 300_000);
});
