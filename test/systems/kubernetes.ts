import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runInside } from '../../scripts/testbed/sandbox.ts';
import { readState } from '../../scripts/testbed/state.ts';
import { createProcessRunner } from '../../src/adapters/process/execa.ts';
import { bedOfRun, systems, type Variables } from './bed.ts';
import { pushTestImage } from './images.ts';

export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
}

/** A namespace of its own; disposing of it asks for its end and does not wait for it. */
export async function createNamespace(prefix: string): Promise<TestNamespace> {
  await assertWritable();
  const name = `${prefix}-${randomBytes(5).toString('hex')}`;
  await kubectl(['create', 'namespace', name]);
  return {
    name,
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'namespace', name, '--wait=false', '--ignore-not-found']);
    },
  };
}

/** What kubectl prints: the oracle beside our own client. @throws Error with what it says when it fails */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const bed = await cluster();
  const { exitCode, stdout, stderr } = await createProcessRunner().run(programOf(bed), args, {
    signal: new AbortController().signal,
    timeoutMs: 180_000,
    env: { KUBECONFIG: bed('KUBECONFIG') },
    ...(input === undefined ? {} : { input }),
  });
  if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

/**
 * Pushes a small image with a shell.
 * @param registry `HOST:PORT`
 * @returns a reference that the cluster can pull
 */
export async function testImage(registry: string): Promise<string> {
  return `${registry}/test/busybox@${await pushTestImage(registry, 'test/busybox', '1')}`;
}

/**
 * Tests make and delete namespaces, so they write to the bed's own cluster, or to one that is named.
 * @throws Error
 */
export async function assertWritable(): Promise<void> {
  const bed = await cluster();
  const { folder, cluster: addresses } = bedOfRun();
  const view = JSON.parse(await kubectl(['config', 'view', '--minify', '-o', 'json']));
  const server: string = view.clusters[0].cluster.server;
  const context: string = view['current-context'];
  const isOwn =
    bed('KUBECONFIG').startsWith(join(folder, '/')) && new URL(server).hostname === addresses.node1;
  if (isOwn || [server, context].includes(process.env.DEPLOYCHECK_TEST_ALLOW ?? '')) return;
  throw new Error(
    `${server} (context ${context}) is not the test bed's own cluster; set DEPLOYCHECK_TEST_ALLOW=${context} to let tests write there`,
  );
}

const compactNow = `
const ask = async (path, body) => {
  const url = 'http://127.0.0.1:2379/v3/kv/' + path;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
};
const { header } = await ask('range', { key: 'AA==' });
await ask('compaction', { revision: header.revision });
`;

/**
 * Makes the bed's cluster forget every version of its objects but the last, as it does by itself every
 * five minutes: what asks for an older one gets 410.
 */
export async function forgetHistory(): Promise<void> {
  const state = await readState(bedOfRun(), 'kubernetes');
  if (!state) throw new Error('only the history of the own bed can be forgotten');
  const script = ['--input-type=module', '--eval', compactNow];
  await runInside(state.init, [process.execPath, ...script]);
}

async function cluster(): Promise<Variables> {
  const bed = await systems('kubernetes');
  if (bed === undefined) throw new Error('there is no cluster to test with');
  return bed;
}

/** A cluster of one's own comes with a kubectl of one's own. */
function programOf(bed: Variables): string {
  try {
    return bed('DEPLOYCHECK_TEST_KUBECTL');
  } catch {
    return process.env.DEPLOYCHECK_TEST_KUBECTL ?? 'kubectl';
  }
}
