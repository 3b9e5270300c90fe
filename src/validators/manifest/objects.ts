import { basename } from 'node:path/posix';
import type { YamlDocument } from '../../config/yaml-source.ts';
import { Fault } from '../../core/fault.ts';
import type { ManifestObject, ManifestProblem, ProblemId, Skipped } from './load.ts';
import { formatPath, isRecord, listAt, type Path, stringAt, typeName } from './read.ts';

const kustomizationName = /^kustomization(?:\.ya?ml)?$/i;

/** Whether a file is called as kustomize wants it. */
export const isKustomization = (file: string): boolean => kustomizationName.test(basename(file));

export const notBuilt = 'a kustomization; name its folder to have it built';

/** What a document holds. */
export interface Content {
  readonly objects?: readonly ManifestObject[];
  readonly problems?: readonly ManifestProblem[];
  readonly skipped?: readonly Skipped[];
}

/** Where the parts of a document stand. */
export type Places = Pick<YamlDocument, 'locate' | 'span'>;

/** @throws Fault `input-too-large` when collections are nested too deeply */
export function contentOf(
  file: string,
  document: Pick<YamlDocument, 'value' | 'problems' | 'locate' | 'span'>,
): Content {
  // The parser goes on after an error; what it then says is mostly a consequence of the first one.
  const [problem] = document.problems;
  if (problem) {
    const { kind, message, line, column } = problem;
    if (kind === 'depth') throw new Fault('input-too-large', `${file}:${line}: ${message}`);
    return { problems: [{ id: kind, data: { message }, location: { file, line, column } }] };
  }
  if (stringAt(document.value, 'apiVersion')?.startsWith('kustomize.config.k8s.io/')) {
    return { skipped: [{ path: file, why: notBuilt }] };
  }
  return contentAt(file, document.value, document, []);
}

/** The object at a path of a document, or the objects of the list there. */
function contentAt(file: string, value: unknown, places: Places, path: Path): Content {
  const problemAt = (id: ProblemId, data: Record<string, string>, at: Path): Content => {
    const location = { file, ...places.locate(at), path: formatPath(at) };
    return { problems: [{ id, data, location }] };
  };

  if (!isRecord(value)) return problemAt('not-an-object', { actual: typeName(value) }, path);
  const kind = stringAt(value, 'kind');
  const apiVersion = stringAt(value, 'apiVersion');
  if (kind?.endsWith('List') && Array.isArray(value.items)) {
    const contents = listAt(value, 'items').map((item, index) =>
      contentAt(file, item, places, [...path, 'items', index]),
    );
    return {
      objects: contents.flatMap((content) => content.objects ?? []),
      problems: contents.flatMap((content) => content.problems ?? []),
    };
  }

  const given = stringAt(value, 'metadata', 'name');
  const name = given || stringAt(value, 'metadata', 'generateName');
  if (!apiVersion || !kind || !name) {
    const missing = [
      ...(apiVersion ? [] : ['apiVersion']),
      ...(kind ? [] : ['kind']),
      ...(name ? [] : ['metadata.name']),
    ];
    const at = apiVersion && kind ? ['metadata', 'name'] : [missing[0] ?? ''];
    return problemAt('missing-identity', { missing: missing.join(', ') }, [...path, ...at]);
  }

  const namespace = stringAt(value, 'metadata', 'namespace') || null;
  const object: ManifestObject = {
    file,
    apiVersion,
    kind,
    namespace,
    name,
    generatedName: !given,
    value,
    ref: { apiVersion, kind, namespace, name },
    locate: (inner, part) => places.locate([...path, ...inner], part),
    spanOf: (inner, part) => places.span([...path, ...inner], part),
  };
  return { objects: [object] };
}
