import type { ContainerOptions } from './container.ts';

/** Says of a container that it was made here, and what for. */
export const ownerLabel = 'deploycheck.owner';

/** Output kept on the engine's disk, whatever a container prints. */
const logLimits = { Type: 'json-file', Config: { 'max-size': '32m', 'max-file': '1' } };

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerCreate */
export function createBody(options: ContainerOptions): object {
  const { image, owner, entrypoint, cmd, environment, labels, user, volumes } = options;
  const { healthIntervalMs } = options;
  return {
    Image: image,
    ...(entrypoint && { Entrypoint: entrypoint }),
    ...(cmd && { Cmd: cmd }),
    ...(environment && { Env: environmentList(environment) }),
    ...(user !== undefined && { User: user }),
    ...(volumes && { Volumes: Object.fromEntries(volumes.map((path) => [path, {}])) }),
    // Without a test of its own it keeps the image's; times are in nanoseconds.
    ...(healthIntervalMs !== undefined && {
      Healthcheck: { Interval: healthIntervalMs * 1_000_000 },
    }),
    Labels: { ...labels, [ownerLabel]: owner },
    HostConfig: hostConfig(options),
  };
}

function hostConfig(options: ContainerOptions): object {
  const {
    readonlyRootfs = false,
    dropCapabilities,
    memory,
    pids,
    milliCpus,
    tmpfs,
    init,
  } = options;
  return {
    NetworkMode: options.network ?? 'none',
    ReadonlyRootfs: readonlyRootfs,
    LogConfig: logLimits,
    ...(dropCapabilities && { CapDrop: dropCapabilities }),
    ...(options.addCapabilities && { CapAdd: options.addCapabilities }),
    ...(options.volumesFrom !== undefined && { VolumesFrom: [options.volumesFrom] }),
    ...(options.sysctls && { Sysctls: options.sysctls }),
    ...(options.noNewPrivileges && { SecurityOpt: ['no-new-privileges'] }),
    // Swap is counted in: with the same number there is none.
    ...(memory !== undefined && { Memory: memory, MemorySwap: memory }),
    ...(pids !== undefined && { PidsLimit: pids }),
    ...(milliCpus !== undefined && { NanoCpus: milliCpus * 1_000_000 }),
    ...(tmpfs && { Tmpfs: tmpfs }),
    ...(init !== undefined && { Init: init }),
  };
}

export function environmentList(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}
