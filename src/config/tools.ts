/** An external program that deploycheck can make use of. */
export interface Tool {
  readonly name: string;
  readonly versionArgs: readonly string[];
  /** What is pending without it. */
  readonly neededFor: string;
  readonly howToGet: string;
}

/** Programs that this version calls, or that its hints name. */
export const tools: readonly Tool[] = [
  {
    name: 'ssh-keygen',
    versionArgs: [],
    neededFor: 'sign, verify, waive',
    howToGet: 'apt-get install openssh-client (OpenSSH 8.2 or newer)',
  },
  {
    name: 'git',
    versionArgs: ['--version'],
    neededFor: 'binding a run to its commit',
    howToGet: 'apt-get install git',
  },
  {
    name: 'docker',
    versionArgs: ['--version'],
    neededFor: 'saving an image as a layout',
    howToGet: 'docs.docker.com/engine/install',
  },
  {
    name: 'kubectl',
    versionArgs: ['version', '--client'],
    neededFor: 'rendering Kustomize overlays',
    howToGet: 'kubernetes.io/docs/tasks/tools',
  },
  {
    name: 'helm',
    versionArgs: ['version', '--short'],
    neededFor: 'rendering charts',
    howToGet: 'helm.sh/docs/intro/install',
  },
  {
    name: 'pg_dump',
    versionArgs: ['--version'],
    neededFor: 'backups of PostgreSQL',
    howToGet: 'apt-get install postgresql-client',
  },
  {
    name: 'pg_restore',
    versionArgs: ['--version'],
    neededFor: 'restoring backups of PostgreSQL',
    howToGet: 'apt-get install postgresql-client',
  },
];
