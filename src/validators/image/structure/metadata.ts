import type { CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { environmentOf, type ImageConfig } from '../config.ts';
import type { Image } from '../image.ts';
import type { MetadataTest, StructureFile } from './format.ts';
import { goPattern, matches } from './go-pattern.ts';

type NotExamined = CheckContext<Image>['notExamined'];

export function metadataDrafts(
  { notExamined }: CheckContext<Image>,
  config: ImageConfig,
  { file, tests, locate }: StructureFile,
): Draft[] {
  const { metadataTest } = tests;
  if (!metadataTest) return [];
  const unasked: NotExamined = (what, why) => notExamined(`${file}: ${what}`, why);
  return reasonsOf(config, metadataTest, unasked).map(({ key, index, ...reason }) => ({
    ...reason,
    location: locate(['metadataTest', key, ...(index === undefined ? [] : [index])]),
  }));
}

interface Reason extends Omit<Draft, 'location'> {
  readonly key: keyof MetadataTest;
  readonly index?: number;
}

function reasonsOf(config: ImageConfig, test: MetadataTest, notExamined: NotExamined): Reason[] {
  const pairReasons = pairReasonsFor(notExamined);
  const environment = environmentOf(config);
  const labels = new Map(Object.entries(config.labels));
  const ports = config.exposedPorts.map((port) => port.split('/', 1)[0] ?? '');
  return [
    ...pairReasons('env', 'the variable', test.env, environment),
    ...pairReasons('envVars', 'the variable', test.envVars, environment),
    ...pairReasons('labels', 'the label', test.labels, labels),
    ...test.unboundEnvVars.flatMap(({ key }, index) =>
      environment.has(key) ? [excluded('unboundEnvVars', index, `the variable ${key}`)] : [],
    ),
    ...wordsReasons('entrypoint', 'the entrypoint', test.entrypoint, config.entrypoint),
    ...wordsReasons('cmd', 'the command', test.cmd, config.cmd),
    ...listReasons('exposedPorts', 'the exposed port', test.exposedPorts, ports, true),
    ...listReasons('unexposedPorts', 'the exposed port', test.unexposedPorts, ports, false),
    ...listReasons('volumes', 'the volume', test.volumes, config.volumes, true),
    ...listReasons('unmountedVolumes', 'the volume', test.unmountedVolumes, config.volumes, false),
    ...valueReasons('workdir', 'the working directory', test.workdir, config.workingDir),
    ...valueReasons('user', 'the user', test.user, config.user),
  ];
}

/** Values found are not shown, since they may be secret; those wanted stand in the file. */
function wrong(key: keyof MetadataTest, what: string, wanted: string, index?: number): Reason {
  const data = { what, wanted: wanted.slice(0, 200) };
  return { key, messageId: 'metadata', data, ...(index !== undefined && { index }) };
}

function excluded(key: keyof MetadataTest, index: number, what: string): Reason {
  return { key, index, messageId: 'excluded', data: { what } };
}

function pairReasonsFor(notExamined: NotExamined) {
  return (
    key: 'env' | 'envVars' | 'labels',
    what: string,
    wanted: MetadataTest['envVars'],
    found: ReadonlyMap<string, string>,
  ): Reason[] =>
    wanted.flatMap((pair, index) => {
      const about = `${what} ${pair.key}`;
      const value = found.get(pair.key);
      if (value === undefined) return [wrong(key, about, 'that it is there', index)];
      if (!pair.isRegex) {
        return value === pair.value ? [] : [wrong(key, about, pair.value, index)];
      }
      const pattern = goPattern(pair.value);
      const fits = pattern instanceof RegExp ? matches(pattern, value) : pattern;
      if (typeof fits === 'boolean') {
        return fits ? [] : [wrong(key, about, `/${pair.value}/`, index)];
      }
      notExamined(about, fits?.problem ?? 'its pattern takes too long');
      return [];
    });
}

function wordsReasons(
  key: 'entrypoint' | 'cmd',
  what: string,
  wanted: readonly string[] | null | undefined,
  found: readonly string[],
): Reason[] {
  if (!wanted) return [];
  const isSame = wanted.length === found.length && wanted.every((word, at) => word === found[at]);
  return isSame ? [] : [wrong(key, what, JSON.stringify(wanted))];
}

function listReasons(
  key: keyof MetadataTest,
  what: string,
  listed: readonly string[],
  found: readonly string[],
  isWanted: boolean,
): Reason[] {
  return listed.flatMap((name, index) => {
    if (found.includes(name) === isWanted) return [];
    return [
      isWanted
        ? wrong(key, `${what} ${name}`, 'that it is there', index)
        : excluded(key, index, `${what} ${name}`),
    ];
  });
}

function valueReasons(
  key: 'workdir' | 'user',
  what: string,
  wanted: string | null | undefined,
  found: string,
): Reason[] {
  return !wanted || wanted === found ? [] : [wrong(key, what, wanted)];
}
