import type { Example } from '../../core/check.ts';
import { objectOf } from '../../core/json.ts';
import { configOf } from '../image/config.ts';
import type { Dockerfile } from './dockerfile.ts';
import { ignoreFileOf } from './ignore-file.ts';
import { readDockerfile } from './read.ts';

/** The target an example of this family stands for, made without touching the disk. */
export async function targetOfExample({ text, beside }: Example): Promise<Dockerfile> {
  const dockerfile = readDockerfile('Dockerfile', Buffer.from(text));
  const { ignored, image } = beside ?? {};
  const config = image && configOf(objectOf(image) ?? {});
  return {
    ...dockerfile,
    ignore: ignored && ignoreFileOf('.dockerignore', ignored.join('\n')),
    built: config && { reference: 'example', config },
  };
}
