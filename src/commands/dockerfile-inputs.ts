import { Fault } from '../core/fault.ts';
import type { Dockerfile } from '../validators/dockerfile/dockerfile.ts';
import type { CommandContext } from './base.ts';
import type { Input } from './examine.ts';
import { imageSystems } from './image-systems.ts';

export interface DockerfileInput extends Input {
  load(): Promise<Dockerfile>;
}

export interface DockerfileInputFlags {
  readonly context?: string | undefined;
  readonly image?: string | undefined;
}

/**
 * The Dockerfiles that words of the command line name.
 * @throws Fault `usage-invalid`, and those of looking for files
 */
export async function dockerfileInputs(
  words: readonly string[],
  { context, image }: DockerfileInputFlags,
  { adapters, signal, scope }: CommandContext,
): Promise<readonly DockerfileInput[]> {
  const root = process.cwd();
  const { findDockerfiles, loadDockerfile, readStdin, stdinName } = await import(
    '../validators/dockerfile/load.ts'
  );
  const paths = words.filter((word) => word !== '-');
  const files = paths.length === 0 ? [] : await findDockerfiles(paths, { root, signal });
  const plain: DockerfileInput[] = files.map(({ path }) => ({
    name: path,
    load: () => loadDockerfile(path, { root, context }),
  }));
  if (words.includes('-')) {
    plain.push({ name: stdinName, load: () => readStdin(process.stdin) });
  }
  if (image === undefined) return plain;
  const [only, ...more] = plain;
  if (!only || more.length > 0) {
    throw new Fault(
      'usage-invalid',
      `--image is for one Dockerfile, and there are ${plain.length}`,
    );
  }
  const load = async () => {
    const { builtImage } = await import('../validators/dockerfile/built.ts');
    const { loadImage } = await import('../validators/image/load.ts');
    const dockerfile = await only.load();
    const systems = imageSystems(adapters);
    const built = await builtImage(image, loadImage(image, { root, signal, scope, systems }));
    return { ...dockerfile, built };
  };
  return [{ name: only.name, load }];
}
