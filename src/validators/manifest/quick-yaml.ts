import {
  defineMappingTag,
  defineScalarTag,
  loadAll,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml';
import { maxDepth } from '../../config/yaml-source.ts';
import { scalarOf } from './yaml-scalars.ts';

/**
 * The values of all documents of a text, several times faster than where each part stands is found.
 * @returns undefined where the text has something that this reading does not answer for: an error, an
 *   alias, a merge, a tag of its own, or a key that is no text. `parseYaml` says then what it is
 */
export function quickValues(text: string): readonly unknown[] | undefined {
  if (unusual.test(text)) return undefined;
  try {
    return loadAll(text, { schema, maxDepth, maxAliases: 0 });
  } catch {
    return undefined;
  }
}

/**
 * What parsers do not agree about: tabs, line ends other than LF, byte order marks, directives, anchors,
 * tags, and an empty line after a line end that is escaped.
 */
const unusual = /[\t\r\u0085\u2028\u2029\ufeff]|^%|(?:^|[\s,[{])[&!]|\\\n *\n/m;

const kubernetes = defineScalarTag<unknown>('tag:yaml.org,2002:kubernetes', {
  implicit: true,
  resolve(source) {
    const value = scalarOf(source);
    return value === source ? NOT_RESOLVED : value;
  },
  identify: () => false,
});

const plainMap = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair(carrier, key, value) {
    const name = typeof key === 'boolean' || Number.isSafeInteger(key) ? String(key) : key;
    if (typeof name !== 'string' || name === '<<') return 'a key that is no text';
    // Else it would be the prototype of the map.
    if (name === '__proto__') return 'a key that has a meaning of its own';
    carrier[name] = value;
    return '';
  },
  has: (carrier, key) => Object.hasOwn(carrier, String(key)),
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[String(key)],
  identify: () => false,
});

const schema = new Schema([strTag, seqTag, plainMap, kubernetes]);
