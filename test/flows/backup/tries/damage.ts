import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import { trustedSet } from '../../../../src/backup/set/signature.ts';
import { openRepository } from '../../../../src/backup/sources.ts';
import { verifySet } from '../../../../src/backup/verify.ts';
import { Fault, messageOf } from '../../../../src/core/fault.ts';
import type { Variables } from '../../../systems/bed.ts';
import { type Fixture, fixture, putObject } from '../fixture.ts';
import { never } from '../support.ts';
import { replayings } from './replaying.ts';
import { type Guarded, guarded } from './restoring.ts';
import { pick, type Spoilt, spoilings } from './spoiling.ts';
import { type Changes, changed, readTree, type Tree } from './tree.ts';

/** A restore takes a hundred times what a reading takes. */
const restoreEvery = 50;
/** After so many it is made sure that a set that was not touched is good still. */
const controlEvery = 50;
/** One of so many changes a set as a whole. */
const replayEvery = 8;

/** Sets of one kind, and who reads them. */
interface Form {
  readonly name: string;
  readonly shop: Fixture;
  readonly place: Fixture['place'];
  readonly root: string;
  readonly tree: Tree;
  readonly set: string;
  readonly older: string;
  /** Files of the set, and objects that it counts on. */
  readonly paths: readonly string[];
  readonly target: Guarded;
}

/** A change, and whether it can be found. */
interface Drawn {
  readonly name: string;
  readonly what: string;
  readonly changes: Changes;
  readonly byDesign: boolean;
  readonly asked: string;
}

export async function openDamage(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const plain = await sets(bed, stack, 'plain', {});
  const sealed = await sets(bed, stack, 'encrypted and signed', { encrypted: true, signed: true });
  const { identity: _, ...withoutKey } = sealed.place;
  const forms = [plain, sealed, { ...sealed, name: `${sealed.name}, no key`, place: withoutKey }];
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    async once(random, number) {
      const restores = number % restoreEvery === 0;
      const form = pick(random, restores ? forms.slice(0, 2) : forms);
      const drawn = draw(form, random, restores);
      const result = await tried(form, drawn, restores);
      if (result.problem !== '' || number % controlEvery !== 0) return result;
      const untouched = await found(form, form.set);
      const problem = untouched === '' ? '' : `a set that nobody touched: ${untouched}`;
      return { ...result, problem };
    },
  };
}

async function sets(
  bed: Variables,
  stack: AsyncDisposableStack,
  name: string,
  form: { encrypted?: boolean; signed?: boolean },
): Promise<Form> {
  const shop = stack.use(await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', form));
  const put = (key: string, content: Buffer) =>
    putObject(shop.store, shop.bucket.name, { key, content });
  // Large enough for a second chunk, small enough to be read ten thousand times.
  const medium = Buffer.alloc(70_000, 'medium ');
  await put('large', medium);
  await shop.sql(`insert into bytes select g, decode(repeat(md5(g::text), 100), 'hex')
                  from generate_series(10, 100) g`);
  await put('changing', Buffer.from('older'));
  const older = await shop.create();
  await shop.sql('insert into twins values (8)');
  await put('changing', Buffer.from('newer'));
  const set = await shop.create();
  const root = join(shop.bench.folder, 'repository');
  const tree = await readTree(root);
  const own = [...tree.keys()].filter((path) => path.startsWith(`sets/${set}/`));
  const sums = own.filter((path) => path.endsWith('.sha256.zst'));
  const objects = sums.flatMap((path) =>
    zstdDecompressSync(tree.get(path) ?? Buffer.alloc(0))
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(66)),
  );
  const target = stack.use(await guarded(shop));
  const paths = [...own, ...new Set(objects)].sort();
  return { name, shop, place: shop.place, root, tree, set, older, paths, target };
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['object', /^objects\//],
  ['manifest', /manifest\.json$/],
  ['signature', /\.sig$/],
  ['sums', /SHA256SUMS$/],
  ['started', /started\.json$/],
  ['dump', /database\.dump/],
  ['schema', /schema\.sql/],
  ['globals', /globals\.sql/],
  ['details', /details\.json/],
  ['listing', /\.jsonl\./],
  ['curl', /\.curl\./],
  ['settings', /\.settings\./],
  ['object sums', /\.sha256\./],
];

const kindOf = (path: string): string =>
  kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? path;

/** What a restore reads of a set before it writes. */
const restored = /manifest\.json|database\.dump|details\.json|schema\.sql/;

function draw(form: Form, random: () => number, restores: boolean): Drawn {
  const spoilt: Spoilt = { ...form, random };
  for (;;) {
    const drawn =
      !restores && random() * replayEvery < 1 ? replayed(form, spoilt) : spoiled(form, spoilt);
    const isOther = [...(drawn?.changes ?? [])].some(([path, content]) => {
      const before = form.tree.get(path);
      return content instanceof Buffer ? !before?.equals(content) : before !== undefined;
    });
    const touches = !restores || [...(drawn?.changes.keys() ?? [])].some((at) => restored.test(at));
    if (drawn && isOther && touches) return drawn;
  }
}

function spoiled({ paths, set }: Form, spoilt: Spoilt): Drawn | undefined {
  const path = pick(spoilt.random, paths);
  const { name, spoil } = pick(spoilt.random, spoilings);
  const changes = spoil(spoilt, path);
  return changes && { name, what: kindOf(path), changes, byDesign: false, asked: set };
}

function replayed({ place, set }: Form, spoilt: Spoilt): Drawn {
  const { name, unseen, spoil, asked = set } = pick(spoilt.random, replayings);
  const byDesign = unseen === 'always' || (unseen === 'unsigned' && !place.signing);
  return { name, what: 'whole set', changes: spoil(spoilt), byDesign, asked };
}

async function tried(form: Form, drawn: Drawn, restores: boolean): Promise<Try> {
  await using _ = await changed(form.root, form.tree, drawn.changes);
  const { name, what, byDesign, asked } = drawn;
  const result = {
    how: byDesign
      ? `by design (${form.place.signing ? 'signed' : 'not signed'}): ${name}`
      : form.name,
    at: { row: name, column: what },
  };
  const saw = await found(form, asked).catch((error: unknown) => `!${messageOf(error)}`);
  if (saw.startsWith('!')) return { ...result, problem: `${name}, ${what}: ${saw.slice(1)}` };
  if ((saw === '') !== byDesign) {
    const paths = [...drawn.changes.keys()].join(', ');
    const said = saw === '' ? 'it was not found' : `found, though it should not be to: ${saw}`;
    return { ...result, problem: `${form.name}: ${name}: ${paths}: ${said}` };
  }
  const problem = restores ? await form.target.restore(form, what === 'dump') : '';
  return { ...result, problem };
}

const refusals = ['set-missing', 'signature-failed', 'repository-unreadable'];

/** What is wrong with a set, as `backup verify` looks at it; empty when nothing is. */
async function found({ shop, place }: Form, asked: string): Promise<string> {
  return shop.bench.run(async (systems) => {
    const repository = await openRepository(place, systems);
    await systems.scope.defer('repository', () => repository.close());
    try {
      const home = { repository, signing: place.signing };
      const opened = await trustedSet(home, asked, { ...systems, signal: never });
      const { verdict, problems } = await verifySet(opened, repository, systems);
      return verdict === 'good' ? '' : problems.map(({ problem }) => problem).join(', ');
    } catch (error) {
      if (error instanceof Fault && refusals.includes(error.code)) return error.message;
      throw error;
    }
  });
}
