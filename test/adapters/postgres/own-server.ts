import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnServer extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  /** Certificate of the authority that signed the server's own, which is for `localhost`. */
  readonly authority: string;
  start(settings?: readonly string[]): void;
  /** A fast shutdown. */
  stop(): Promise<void>;
  /** Turns it into a standby of nobody from the next start on. */
  makeStandby(): Promise<void>;
  /** Certificate and key of a client. */
  clientCertificate(commonName: string): { cert: string; key: string };
}

/** A server with TLS, which that of the bed does not have. @param tools folder of its programs */
export async function createOwnServer(tools: string, hba: string): Promise<OwnServer> {
  const owner = serverUser();
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-postgres-'));
  await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder, stdio: 'ignore' } as const;
  const run = (program: string, ...args: string[]) => execFileSync(program, args, options);
  const file = (name: string) => join(folder, name);

  run(join(tools, 'initdb'), '-D', data, '-U', 'postgres', '--no-sync', '--auth=trust');
  selfSigned(run, 'authority', file);
  signed(run, 'server', 'localhost', file);
  const port = await freePort();
  await writeFile(join(data, 'pg_hba.conf'), hba);
  await writeFile(
    join(data, 'postgresql.auto.conf'),
    `listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${folder}'
fsync = off
ssl = on
ssl_cert_file = '${file('server.crt')}'
ssl_key_file = '${file('server.key')}'
ssl_ca_file = '${file('authority.crt')}'
`,
  );

  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server?.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  };
  return {
    port,
    folder,
    authority: file('authority.crt'),
    start(settings = []) {
      const extra = settings.flatMap((setting) => ['-c', setting]);
      server = spawn(join(tools, 'postgres'), ['-D', data, ...extra], options);
    },
    stop,
    async makeStandby() {
      await writeFile(join(data, 'standby.signal'), '');
    },
    clientCertificate(commonName) {
      signed(run, commonName, commonName, file);
      return { cert: file(`${commonName}.crt`), key: file(`${commonName}.key`) };
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

type Run = (program: string, ...args: string[]) => unknown;
type FileNamed = (name: string) => string;
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function selfSigned(run: Run, name: string, file: FileNamed): void {
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)];
  run('openssl', 'req', '-x509', ...newKey, '-subj', `/CN=${name}`, '-days', '1', ...out);
}

function signed(run: Run, name: string, commonName: string, file: FileNamed): void {
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)];
  const by = ['-CA', file('authority.crt'), '-CAkey', file('authority.key')];
  const subject = ['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=DNS:${commonName}`];
  run('openssl', 'req', '-x509', ...newKey, ...subject, '-days', '1', ...by, ...out);
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid: number; gid: number } {
  const { getuid, getgid } = process;
  if (!getuid || !getgid) throw new Error('this test needs a POSIX system');
  if (getuid() !== 0) return { uid: getuid(), gid: getgid() };
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
