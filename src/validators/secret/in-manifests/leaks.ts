import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../../manifest/finding.ts';
import type { ManifestObject, ManifestSet } from '../../manifest/load.ts';
import { formatPath, isRecord, type Path, recordAt } from '../../manifest/read.ts';
import { draftsOfScan } from '../drafts.ts';
import { withCertificate } from '../key-pairs.ts';
import { isLiteralSecret } from '../literal-name.ts';
import { type ScanResult, scanBytes } from '../scan.ts';
import { isSettingsFile, literalsOf } from './settings-file.ts';

/** Names of the Secrets that the set makes, however they are kept: their names are no secrets. */
export function secretNames({ objects }: Pick<ManifestSet, 'objects'>): ReadonlySet<string> {
  return new Set(objects.filter(({ kind }) => kind.endsWith('Secret')).map(({ name }) => name));
}

/** Credentials in the strings of one object, and the object itself when it is a Secret with values. */
export function leaksOf(object: ManifestObject, names: ReadonlySet<string>): Draft[] {
  const texts = [...stringsOf(object.value, [])].map((text): ScannedText => {
    const scan = scanBytes(isEncoded(object, text.path) ? decode(text.text) : text.text);
    return { ...text, scan };
  });
  const certificates = texts.flatMap(({ path, scan }) =>
    (scan.certificates ?? []).map((one) => ({ ...one, place: `in ${formatPath(path)}` })),
  );
  const drafts = texts.flatMap(({ scan, ...text }) => {
    const hits = scan.hits.map((hit) => withCertificate(hit, certificates));
    return draftsOfText(object, { ...text, scan: { ...scan, hits } }, names);
  });
  return [...secretObject(object), ...drafts];
}

/** A string of an object, decoded when it is base64 by definition. */
interface TextAt {
  readonly path: Path;
  /** The name the text goes by: a variable's name, a key of a map. */
  readonly name: string;
  readonly text: string;
}

interface ScannedText extends TextAt {
  readonly scan: ScanResult;
}

function* stringsOf(value: unknown, path: Path, name = ''): Generator<TextAt> {
  if (typeof value === 'string') yield { path, name, text: value };
  else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* stringsOf(entry, [...path, index], name);
  } else if (isRecord(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const isVariable = key === 'value' && typeof value.name === 'string';
      yield* stringsOf(entry, [...path, key], isVariable ? String(value.name) : key);
    }
  }
}

function draftsOfText(
  object: ManifestObject,
  { path, name, text, scan }: ScannedText,
  names: ReadonlySet<string>,
): Draft[] {
  if (scan.hits.length > 0 || scan.leftOut > 0) {
    const { line, column } = object.locate(path);
    const shown = formatPath(path);
    const drafts = draftsOfScan(scan, {
      name: `${object.kind} ${object.name}, ${shown},`,
      location: { file: object.file, line, column, path: shown },
    });
    return drafts.map((draft) => ({ ...draft, object: object.ref }));
  }
  if (!isNamedValue(object, path) || names.has(text)) return [];
  if (object.kind === 'ConfigMap' && isSettingsFile(name)) {
    return literalsOf(text).map((setting) =>
      draftAt(object, path, 'literal-in-file', { data: { setting, file: name } }),
    );
  }
  return isLiteralSecret(name, text)
    ? [draftAt(object, path, 'literal-by-name', { data: { name } })]
    : [];
}

function isEncoded({ kind }: ManifestObject, [section]: Path): boolean {
  return (
    (kind === 'Secret' && section === 'data') || (kind === 'ConfigMap' && section === 'binaryData')
  );
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** Environment variables and the entries of a ConfigMap; a Secret has its own message. */
function isNamedValue(object: ManifestObject, path: Path): boolean {
  const [section] = path;
  return path.at(-3) === 'env' || (object.kind === 'ConfigMap' && section === 'data');
}

function secretObject(object: ManifestObject): Draft[] {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return [];
  const section = ['data', 'stringData'].find(
    (name) => Object.keys(recordAt(object.value, name)).length > 0,
  );
  if (section === undefined) return [];
  const options = { data: { name: object.name }, severity: 'warning', part: 'key' } as const;
  return [draftAt(object, [section], 'secret-object', options)];
}
