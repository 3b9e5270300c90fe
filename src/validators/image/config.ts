import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  textMapOf,
  textOf,
  textsOf,
} from '../../core/json.ts';

/**
 * The image config (https://github.com/opencontainers/image-spec/blob/main/config.md), with
 * `Healthcheck`, `OnBuild` and `Shell` as Docker adds them.
 */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly author: string;
  readonly diffIds: readonly string[];
  readonly history: readonly { readonly createdBy: string; readonly comment: string }[];
  readonly user: string;
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null when the image has none. */
  readonly healthcheck: { readonly test: readonly string[] } | null;
  readonly onBuild: readonly string[];
  readonly shell: readonly string[];
}

/** Undefined when the fields that every image must have are not there. */
export function configOf(json: JsonObject): ImageConfig | undefined {
  const diffIds = textsOf(fieldOf(objectOf(fieldOf(json, 'rootfs')), 'diff_ids'));
  const architecture = textOf(fieldOf(json, 'architecture'));
  const os = textOf(fieldOf(json, 'os'));
  if (!diffIds || architecture === undefined || os === undefined) return undefined;
  const config = objectOf(fieldOf(json, 'config'));
  const texts = (name: string) => textsOf(fieldOf(config, name)) ?? [];
  const health = objectOf(fieldOf(config, 'Healthcheck'));
  return {
    architecture,
    os,
    diffIds,
    author: textOf(fieldOf(json, 'author')) ?? '',
    history: objectsOf(fieldOf(json, 'history')).map((step) => ({
      createdBy: textOf(fieldOf(step, 'created_by')) ?? '',
      comment: textOf(fieldOf(step, 'comment')) ?? '',
    })),
    user: textOf(fieldOf(config, 'User')) ?? '',
    env: texts('Env'),
    entrypoint: texts('Entrypoint'),
    cmd: texts('Cmd'),
    workingDir: textOf(fieldOf(config, 'WorkingDir')) || '/',
    labels: textMapOf(fieldOf(config, 'Labels')),
    healthcheck: health ? { test: textsOf(fieldOf(health, 'Test')) ?? [] } : null,
    onBuild: texts('OnBuild'),
    shell: texts('Shell'),
  };
}

/** The value a variable has when the container starts: the last one of its name. */
export function environmentOf(config: ImageConfig): ReadonlyMap<string, string> {
  return new Map(config.env.map(splitVariable));
}

export function splitVariable(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
