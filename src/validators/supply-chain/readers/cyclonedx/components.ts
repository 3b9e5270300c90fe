import type { JsonObject } from '../../../../core/json.ts';
import type { Component } from '../../document.ts';
import { each, wordOf } from '../../narrow.ts';

/** A component with what other parts of the document refer to it by. */
export interface Found extends Component {
  readonly ref: string;
  readonly path: string | null;
}

/** Components can hold components; a list that is deeper than this is not made by a tool. */
const maxDepth = 20;

export function componentsOf(list: unknown, depth = 0): Found[] {
  if (depth > maxDepth) return [];
  return each(list).flatMap((component) => {
    const name = wordOf(component.name);
    const purl = wordOf(component.purl) ?? null;
    const inner = componentsOf(component.components, depth + 1);
    // Files and the operating system are listed, too; they are no packages.
    const isPackage =
      purl !== null || !['file', 'operating-system', 'container'].includes(String(component.type));
    if (name === undefined || !isPackage) return inner;
    const group = wordOf(component.group);
    return [
      {
        name: group === undefined ? name : `${group}/${name}`,
        version: wordOf(component.version) ?? '',
        purl,
        ref: wordOf(component['bom-ref']) ?? '',
        path: pathOf(component),
      },
      ...inner,
    ];
  });
}

function pathOf(component: JsonObject): string | null {
  const property = each(component.properties).find(
    ({ name }) => name === 'aquasecurity:trivy:FilePath' || name === 'syft:location:0:path',
  );
  return wordOf(property?.value) ?? null;
}
