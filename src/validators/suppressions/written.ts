import type { Draft, Location } from '../../core/finding.ts';
import { lineAnchor, objectAnchor, type Suppression } from '../../core/suppress.ts';
import type { ManifestObject, ManifestSet } from '../manifest/load.ts';
import { formatPath, type Path, recordAt } from '../manifest/read.ts';
import { podTemplateOf } from '../manifest/workloads.ts';
import { type IgnoreComment, partsOf } from './comments.ts';
import { readReason } from './reason.ts';

/** Suppressions that stand in the manifests, and what is wrong with those that could not be read. */
export interface Written {
  readonly suppressions: readonly Suppression[];
  readonly drafts: readonly Draft[];
}

/** Before the slash of the annotation; the rule follows with a dot for its slash. */
const annotationPrefix = 'ignore.deploycheck.dev/';

/** What is written in a set for deploycheck itself; read once, for items and the rule ask. */
export function writtenIn(set: ManifestSet): Written {
  const known = read.get(set);
  if (known) return known;
  const objects = objectsByLine(set);
  const written = joined([
    ...distinct(set.comments).map((comment) => ofComment(comment, objects)),
    ...set.objects.flatMap(ofAnnotations),
  ]);
  read.set(set, written);
  return written;
}

const read = new WeakMap<ManifestSet, Written>();

export function joined(parts: readonly Written[]): Written {
  return {
    suppressions: parts.flatMap(({ suppressions }) => suppressions),
    drafts: parts.flatMap(({ drafts }) => drafts),
  };
}

/** A template may be rendered several times, with its comments. */
function distinct(comments: readonly IgnoreComment[]): readonly IgnoreComment[] {
  return [...new Map(comments.map((one) => [JSON.stringify(one), one])).values()];
}

type FindObjects = (file: string, line: number) => readonly ManifestObject[];

/** Finds the objects that begin in a line; only files with comments are looked through. */
function objectsByLine({ comments, objects }: ManifestSet): FindObjects {
  const files = new Set(comments.map(({ file }) => file));
  const key = (file: string, line: number) => `${line} ${file}`;
  const begun = Map.groupBy(
    objects.filter(({ file }) => files.has(file)),
    (object) => key(object.file, object.locate([]).line),
  );
  return (file, line) => begun.get(key(file, line)) ?? [];
}

function ofComment(comment: IgnoreComment, objectsAt: FindObjects): Written {
  const { file, line, column, about, text } = comment;
  const location: Location = { file, line, column };
  const problem = (messageId: string, data: Readonly<Record<string, string>>): Written => ({
    suppressions: [],
    drafts: [{ messageId, data: { what: 'the comment', ...data }, location }],
  });
  const parts = partsOf(text);
  if (!parts) return problem('malformed', { form: '# deploycheck-ignore RULE -- REASON' });
  const said = readReason(parts.reason ?? '');
  const rules = parts.rules.join(', ');
  if ('badDate' in said) return problem('bad-date', { date: said.badDate, rule: rules });
  if (said.reason === '') return problem('no-reason', { rule: rules });
  // At the first line of an object it is about all of it.
  const begun = objectsAt(file, about).map((object) => objectAnchor(file, object.ref));
  return {
    drafts: [],
    suppressions: parts.rules.map((rule) => ({
      ...said,
      by: 'comment',
      rule,
      anchors: [lineAnchor(file, about), ...begun],
      where: () => location,
      name: 'the comment',
    })),
  };
}

function ofAnnotations(object: ManifestObject): readonly Written[] {
  return annotatedParts(object).flatMap((part) =>
    Object.entries(part.annotations)
      .filter(([key]) => key.startsWith(annotationPrefix))
      .map(([key, value]) => ofAnnotation(part, key, value)),
  );
}

/** The annotations of an object, or those of its pod template. */
export interface AnnotatedPart {
  readonly object: ManifestObject;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** To the `metadata` that holds them. */
  readonly path: Path;
  /** Path of what they are about, as findings have it; undefined for the whole object. */
  readonly within: string | undefined;
}

export function annotatedParts(object: ManifestObject): readonly AnnotatedPart[] {
  const at = (path: Path): AnnotatedPart => ({
    object,
    annotations: recordAt(object.value, ...path, 'metadata', 'annotations'),
    path: [...path, 'metadata'],
    within: path.length === 0 ? undefined : formatPath(path),
  });
  const template = podTemplateOf(object);
  return template && template.path.length > 0 ? [at([]), at(template.path)] : [at([])];
}

/** Where an annotation stands, and what it is an anchor for. */
export function placeOf(
  { object, path, within }: AnnotatedPart,
  key: string,
): Pick<Suppression, 'anchors' | 'where' | 'object'> & Pick<Suppression, 'covers'> {
  const whole = [...path, 'annotations', key];
  return {
    anchors: [objectAnchor(object.file, object.ref)],
    object: object.ref,
    where: () => ({ file: object.file, ...object.locate(whole, 'key'), path: formatPath(whole) }),
    ...(within !== undefined && {
      covers: ({ location: { path: at } }) =>
        at !== undefined && (at === within || at.startsWith(`${within}.`)),
    }),
  };
}

function ofAnnotation(part: AnnotatedPart, key: string, value: unknown): Written {
  const place = placeOf(part, key);
  const what = `the annotation ${key}`;
  const rule = key.slice(annotationPrefix.length).replace('.', '/');
  const problem = (messageId: string, data: Readonly<Record<string, string>> = {}): Written => ({
    suppressions: [],
    drafts: [
      {
        messageId,
        data: { what, rule, ...data },
        location: place.where(),
        object: part.object.ref,
      },
    ],
  });
  // A value that is no text is what manifest/schema reports; it gives no reason either.
  const said = readReason(typeof value === 'string' ? value : '');
  if ('badDate' in said) return problem('bad-date', { date: said.badDate });
  if (said.reason === '') return problem('no-reason');
  return { drafts: [], suppressions: [{ ...said, ...place, by: 'annotation', rule, name: what }] };
}
