import { announcedTable } from './announced.ts';
import { type ApiDocuments, type Json, readDocuments } from './documents.ts';
import type { Release } from './modules.ts';
import {
  type Announcement,
  readAnnouncements,
  readBetasByDefault,
  readGroupVersions,
} from './sources.ts';

/** What the schema walker reads; descriptions and patch strategies are nine tenths of the bytes. */
const keptKeywords = new Set([
  '$ref',
  'additionalProperties',
  'default',
  'format',
  'items',
  'properties',
  'required',
  'type',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-preserve-unknown-fields',
]);

/** The API of one minor version. */
export interface MinorApi extends ApiDocuments {
  readonly minor: number;
  /** As {@link readBetasByDefault} gives them. */
  readonly betasByDefault: ReadonlySet<string>;
  readonly announcements: readonly Announcement[];
}

export async function readApi({ minor, server, types }: Release): Promise<MinorApi> {
  const groupVersions = await readGroupVersions(types);
  return {
    minor,
    ...(await readDocuments(server, slim)),
    betasByDefault: await readBetasByDefault(server, groupVersions),
    announcements: await readAnnouncements(types, groupVersions),
  };
}

/** A schema without what is not kept, its keys sorted so that equal schemas are equal text. */
function slim(schema: Json): Json {
  return mapObject(plainReference(schema), (keyword, value) => {
    if (!keptKeywords.has(keyword)) return undefined;
    if (keyword === 'properties') return mapObject(value, (_, property) => slim(property));
    if (keyword === 'items' || keyword === 'additionalProperties') return slim(value);
    // Defaults complete the keys of lists. Zeros say nothing: up to 1.36 every required field has one.
    if (keyword === 'default' && (typeof value === 'object' || !value)) return undefined;
    return value;
  });
}

/** Between 1.24 and 1.36 a reference with a default or a description is the one entry of `allOf`. */
function plainReference(schema: Json): Json {
  if (schema === null || typeof schema !== 'object' || !('allOf' in schema)) return schema;
  const { allOf, ...others } = schema;
  const [only, ...more] = Array.isArray(allOf) ? allOf : [];
  if (only === null || typeof only !== 'object' || !('$ref' in only) || more.length > 0) {
    throw new Error(`allOf of something else than one reference: ${JSON.stringify(allOf)}`);
  }
  return { ...others, ...only };
}

function mapObject(value: Json, change: (key: string, entry: Json) => Json | undefined): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const changed = change(key, entry);
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Object.fromEntries(sortedBy(entries, ([key]) => key));
}

function sortedBy<T>(values: Iterable<T>, key: (value: T) => string): T[] {
  return [...values].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/**
 * The pool as text. Its first line is an index, each further line one distinct schema:
 *
 * - `minors`: the minor versions, ascending;
 * - `names`: for each schema name the minor it begins with and the line it has from then on, again and
 *   again; the line is null from the minor that no longer has it;
 * - `kinds`: for each kind its schema, 1 where it is namespaced, the minors whose server can serve it
 *   and, of these, those whose server does so by default;
 * - `announced`: for each kind the minors from which on it is deprecated and gone, and its replacement.
 *
 * So one version is read without parsing the schemas of the others, and nothing is stored twice.
 */
export function poolText(apis: readonly MinorApi[]): string {
  const lines = new Map<string, number>();
  const names = sortedBy(
    new Set(apis.flatMap(({ schemas }) => [...schemas.keys()])),
    (name) => name,
  );
  const history = names.map((name): [string, (number | null)[]] => {
    const runs: (number | null)[] = [];
    for (const { minor, schemas } of apis) {
      const schema = schemas.get(name);
      const line = schema === undefined ? null : lineOf(JSON.stringify(schema), lines);
      const current = runs.length === 0 ? null : runs.at(-1);
      if (line !== current) runs.push(minor, line);
    }
    return [name, runs];
  });
  const kinds = kindHistory(apis);
  const index = {
    minors: apis.map(({ minor }) => minor),
    names: Object.fromEntries(history),
    kinds: Object.fromEntries(kinds),
    announced: Object.fromEntries(announcedTable(apis, new Set(kinds.map(([key]) => key)))),
  };
  return `${[JSON.stringify(index), ...lines.keys()].join('\n')}\n`;
}

function lineOf(text: string, lines: Map<string, number>): number {
  const line = lines.get(text) ?? lines.size + 1;
  lines.set(text, line);
  return line;
}

type KindEntry = [schema: string, namespaced: number, served: number[], byDefault: number[]];

function kindHistory(apis: readonly MinorApi[]): [string, KindEntry][] {
  const kinds = new Map<string, KindEntry>();
  for (const { minor, kinds: served, betasByDefault } of apis) {
    for (const { key, schema, namespaced, resource } of served) {
      const apiVersion = key.slice(0, key.lastIndexOf('/'));
      const [name, scope, minors, on] = kinds.get(key) ?? [schema, 0, [], []];
      if (name !== schema) throw new Error(`${key} has a schema of another name in 1.${minor}`);
      if (minors.at(-1) === minor) throw new Error(`${key} is there twice in 1.${minor}`);
      const byDefault =
        !/\d(?:alpha|beta)\d/.test(apiVersion) ||
        [resource, '*'].some((part) => betasByDefault.has(`${apiVersion}/${part}`));
      kinds.set(key, [
        name,
        scope | Number(namespaced),
        [...minors, minor],
        byDefault ? [...on, minor] : on,
      ]);
    }
  }
  return sortedBy(kinds, ([key]) => key);
}
