import { parseObject } from '../../core/json.ts';
import { type FindCredentials, storedFor } from './credentials.ts';

/**
 * Credentials as a pod has them: the first of its pull secrets that has some for the registry, and only
 * then those of this machine, as a node would go on to its own.
 * @param texts Docker configurations, each of a Secret of type kubernetes.io/dockerconfigjson
 */
export function withPullSecrets(
  texts: readonly string[],
  machine: FindCredentials,
): FindCredentials {
  const configs = texts.map(parseObject).filter((config) => config !== undefined);
  return async (registry, signal) => {
    const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
    const own = configs.map((config) => storedFor(config, server)).find(Boolean);
    const secrets = `${texts.length} pull secrets of the pod`;
    if (own) return { found: own, where: secrets };
    const search = await machine(registry, signal);
    return { ...search, where: `${secrets} and ${search.where}` };
  };
}
