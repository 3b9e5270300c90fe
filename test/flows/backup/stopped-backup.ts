import { holdLease } from '../../../src/backup/repository/lease.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import { bench } from './support.ts';

/**
 * A process of its own that holds a lease of the repository in its first argument for the milliseconds
 * in its second, and says what became of it: a test stops and kills it.
 */
const [, , url = '', term = ''] = process.argv;
const say = (line: string) => process.stdout.write(`${line}\n`);
await using at = await bench({});
await at.run(
  async (systems) => {
    const home = await openRepository({ url }, systems);
    const lease = await holdLease(home, 'prune', systems);
    lease.signal.addEventListener('abort', () => say(`lost ${lease.signal.reason.code}`));
    say(`held ${lease.token}`);
    await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));
    await lease.confirm().then(
      () => say('confirmed'),
      (error) => say(`refused ${error.code}`),
    );
    process.stdin.destroy();
  },
  { leaseTermMs: Number(term) },
);
