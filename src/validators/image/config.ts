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
  /** As written: RFC 3339, or what a reproducible build puts there; empty when left out. */
  readonly created: string;
  readonly history: readonly HistoryStep[];
  readonly user: string;
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `80/tcp`, as written. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string;
  /** Null when the image has none. */
  readonly healthcheck: HealthCheck | null;
  readonly onBuild: readonly string[];
  readonly shell: readonly string[];
}

/** A line of the history: what a step of the build did, from the lowest up. */
export interface HistoryStep {
  readonly createdBy: string;
  readonly comment: string;
  /** The step changed the config alone. */
  readonly emptyLayer: boolean;
}

/** Times in nanoseconds, as Docker writes them; 0 stands for its default. */
export interface HealthCheck {
  readonly test: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
}

/** Undefined when the fields that every image must have are not there. */
export function configOf(json: JsonObject): ImageConfig | undefined {
  // An image without layers has null for a list, as Go writes an empty one.
  const diffIds = textsOf(fieldOf(objectOf(fieldOf(json, 'rootfs')), 'diff_ids') ?? []);
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
    created: textOf(fieldOf(json, 'created')) ?? '',
    history: objectsOf(fieldOf(json, 'history')).map((step) => ({
      createdBy: textOf(fieldOf(step, 'created_by')) ?? '',
      comment: textOf(fieldOf(step, 'comment')) ?? '',
      emptyLayer: fieldOf(step, 'empty_layer') === true,
    })),
    user: textOf(fieldOf(config, 'User')) ?? '',
    env: texts('Env'),
    entrypoint: texts('Entrypoint'),
    cmd: texts('Cmd'),
    workingDir: textOf(fieldOf(config, 'WorkingDir')) || '/',
    labels: textMapOf(fieldOf(config, 'Labels')),
    exposedPorts: Object.keys(objectOf(fieldOf(config, 'ExposedPorts')) ?? {}),
    volumes: Object.keys(objectOf(fieldOf(config, 'Volumes')) ?? {}),
    stopSignal: textOf(fieldOf(config, 'StopSignal')) ?? '',
    healthcheck: health ? healthOf(health) : null,
    onBuild: texts('OnBuild'),
    shell: texts('Shell'),
  };
}

function healthOf(health: JsonObject): HealthCheck {
  const number = (name: string) => Number(fieldOf(health, name) ?? 0) || 0;
  return {
    test: textsOf(fieldOf(health, 'Test')) ?? [],
    interval: number('Interval'),
    timeout: number('Timeout'),
    retries: number('Retries'),
  };
}

/** The value a variable has when the container starts: the last one of its name. */
export function environmentOf(config: ImageConfig): ReadonlyMap<string, string> {
  return new Map(config.env.map(splitVariable));
}

/** As Go's os.Expand does with the variables of the image. */
export function expandVariables(text: string, config: ImageConfig): string {
  const environment = environmentOf(config);
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    return environment.get(braced ?? bare ?? '') ?? '';
  });
}

export function splitVariable(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
