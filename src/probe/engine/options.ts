import type { ContainerOptions } from '../../adapters/docker/container.ts';
import type { RunSettings } from '../settings.ts';
import type { Yard } from './yard.ts';

/**
 * Engines let every user listen below port 1024 (since Engine 20.10), Kubernetes nodes do not as a rule; what is
 * shown here has to hold there. https://docs.kernel.org/networking/ip-sysctl.html
 */
const sysctls = { 'net.ipv4.ip_unprivileged_port_start': '1024' };

/** As an emptyDir is, which anybody may write to and run programs from. */
const tmpfsOptions = 'rw,exec,mode=0777';

/** Milliseconds: no trial waits half a minute for the first health check. */
const healthIntervalMs = 1000;

/** Most processes: a program that only makes others must not take the machine with it. */
const pids = 4096;

export function optionsOf(
  settings: RunSettings,
  { request, image, owner }: Yard,
  name: string,
): ContainerOptions {
  const { command, args, environment, volumes, network } = request;
  const { user, capabilities, memory, volumesFrom } = settings;
  const writable = [...request.tmpfs, ...(settings.writable ?? [])];
  return {
    ...{ image: image.id, owner, name, environment, pids },
    ...(command && { entrypoint: command }),
    ...(args && { cmd: args }),
    ...(user !== undefined && { user }),
    ...(settings.readOnlyRoot && { readonlyRootfs: true }),
    ...(capabilities && { dropCapabilities: ['ALL'], addCapabilities: capabilities }),
    ...(settings.noNewPrivileges && { noNewPrivileges: true }),
    ...(memory !== undefined && { memory }),
    ...(volumesFrom === undefined ? { volumes } : { volumesFrom }),
    network: settings.noNetwork ? 'none' : network,
    sysctls,
    tmpfs: Object.fromEntries(writable.map((path) => [path, tmpfsOptions])),
    ...(image.config.healthcheck && { healthIntervalMs }),
  };
}
