import type { CheckContext } from '../../../core/check.ts';
import { sha256Hex } from '../../../core/digest.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftsOfScan } from '../../secret/drafts.ts';
import { isLiteralSecret } from '../../secret/literal-name.ts';
import { type ScanResult, scanBytes } from '../../secret/scan.ts';
import { type ImageConfig, splitVariable } from '../config.ts';
import { type Image, requireContent } from '../image.ts';
import { configLocation, fileLocation } from '../places.ts';

/** Credentials in the layers, hidden ones too, in the config and in the history of an image. */
export function leaksOf(context: CheckContext<Image>): Draft[] {
  const { target } = context;
  const config = requireContent(context);
  return [...layerDrafts(target), ...unlistedDrafts(target), ...configDrafts(target, config)];
}

type State = 'live' | 'overwritten' | 'deleted';

const placeNames = {
  live: (path) => path,
  overwritten: (path, by) => `${path} (overwritten by layer ${by}, and still in the image)`,
  deleted: (path, by) => `${path} (deleted by layer ${by}, and still in the image)`,
} as const satisfies Record<State, (path: string, by: number) => string>;

/** Live first, so that a file which a later layer only changed in its mode is reported once. */
function layerDrafts(image: Image): Draft[] {
  const stateOf = statesOf(image);
  const found = image.layers.flatMap((layer, number) =>
    [...layer.secrets].map(([index, scan]) => {
      const path = layer.entries[index]?.path ?? '';
      return { layer: number, path, scan, ...stateOf(number, index) };
    }),
  );
  const live = found.filter(({ state }) => state === 'live');
  const hidden = found.filter(({ state }) => state !== 'live');
  const seen = new Set<string>();
  return [...live, ...hidden].flatMap(({ layer, path, scan, state, by }) => {
    const isNew = (hash: string) => !seen.has(`${path}\0${hash}`) && seen.add(`${path}\0${hash}`);
    const hits = scan.hits.filter(({ valueHash }) => isNew(valueHash));
    return draftsOfScan(
      { ...scan, hits },
      {
        name: placeNames[state](`/${path}`, by + 1),
        location: fileLocation(image, { path, layer }),
        isFile: true,
      },
    );
  });
}

function unlistedDrafts({ layers }: Image): Draft[] {
  return layers
    .filter(({ unlistedSecrets }) => unlistedSecrets > 0)
    .map(({ diffId, unlistedSecrets }) => ({
      messageId: 'more-secrets',
      data: { place: `layer ${diffId}`, count: unlistedSecrets },
      location: { layer: diffId },
    }));
}

/** Whether the content of an entry is seen by a container; if not, which layer hides it and how. */
function statesOf({ filesystem }: Image) {
  const keyOf = (layer: number, index: number) => `${layer} ${index}`;
  const hidden = new Map(
    filesystem.hidden.map((entry) => [keyOf(entry.layer, entry.index), entry]),
  );
  let live: ReadonlySet<string> | undefined;
  // What a later layer links to again is hidden by one name and seen by another.
  const isLive = (key: string): boolean => {
    live ??= new Set([...filesystem.nodes()].map(({ layer, index }) => keyOf(layer, index)));
    return live.has(key);
  };
  return (layer: number, index: number): { readonly state: State; readonly by: number } => {
    const key = keyOf(layer, index);
    const entry = hidden.get(key);
    return !entry || isLive(key)
      ? { state: 'live', by: layer }
      : { state: entry.how, by: entry.by };
  };
}

interface ConfigText {
  readonly path: string;
  /** As messages name the place; the path when left out. */
  readonly name?: string;
  readonly text: string;
}

/** A value met again in a later place, as history repeats the environment, is reported once. */
function configDrafts(image: Image, config: ImageConfig): Draft[] {
  const seen = new Set<string>();
  return configTexts(config).flatMap(({ path, name: place = path, text }) => {
    const location = configLocation(image, path);
    const scan = scanBytes(text);
    const hits = scan.hits.filter(({ valueHash }) => !seen.has(valueHash) && seen.add(valueHash));
    const byName = variablesIn(path, text).filter(([name, value]) => {
      if (!isLiteralSecret(name, value) || isHit(value, scan)) return false;
      const key = sha256Hex(`${name}=${value}`);
      return !seen.has(key) && seen.add(key);
    });
    return [
      ...draftsOfScan({ ...scan, hits }, { name: place, location }),
      ...byName.map(([name]) => ({
        messageId: 'literal-by-name',
        data: { place, name },
        location,
      })),
    ];
  });
}

function isHit(value: string, scan: ScanResult): boolean {
  return scan.hits.length > 0 && scanBytes(value).hits.length > 0;
}

function configTexts(config: ImageConfig): ConfigText[] {
  const list = (path: string, texts: readonly string[]) =>
    texts.map((text, index) => ({ path: `${path}[${index}]`, text }));
  return [
    ...config.env.map((text, index) => {
      const path = `config.Env[${index}]`;
      return { path, name: `${path} (${splitVariable(text)[0]})`, text };
    }),
    ...list('config.Entrypoint', config.entrypoint),
    ...list('config.Cmd', config.cmd),
    ...list('config.Healthcheck.Test', config.healthcheck?.test ?? []),
    ...list('config.OnBuild', config.onBuild),
    ...list('config.Shell', config.shell),
    ...Object.entries(config.labels).map(([name, text]) => ({
      path: `config.Labels.${name}`,
      text,
    })),
    ...config.history.flatMap(({ createdBy, comment }, index) => [
      { path: `history[${index}].created_by`, text: createdBy },
      { path: `history[${index}].comment`, text: comment },
    ]),
    { path: 'author', text: config.author },
  ];
}

const assignment =
  /(?<![\w$-])([A-Za-z_]\w{2,60})=("[^"]{0,500}"|'[^']{0,500}'|[^\s"'|;&]{1,500})/g;

/** A variable of the environment; in commands and history, what looks like an assignment. */
function variablesIn(path: string, text: string): (readonly [name: string, value: string])[] {
  if (path.startsWith('config.Env')) return [splitVariable(text)];
  if (path.startsWith('config.Labels')) return [];
  return [...text.matchAll(assignment)].map(
    ([, name = '', value = '']) => [name, value.replace(/^["']|["']$/g, '')] as const,
  );
}
