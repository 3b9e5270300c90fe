import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { listAt, numberAt, type Path, stringAt } from '../read.ts';
import type { Followed } from './follow.ts';
import type { Content, Reference } from './reference.ts';

/** A reference to a Service, and to a port of it by name or number. */
export interface ServiceReference extends Reference {
  /** Undefined when none is named. */
  readonly port: string | number | undefined;
  readonly portPath: Path;
}

/** Message of the rules that look at ports of Services. */
export const missingPort = {
  'missing-port': 'Service {{name}} has no port {{port}}; it has {{ports}}',
} as const;

/** The ports that are named and that no Service of that name has. */
export function missingPorts(followed: readonly Followed<ServiceReference>[]): Draft[] {
  return followed.flatMap(({ reference, contents }) => {
    const { from, name, port, portPath } = reference;
    if (port === undefined || contents.length === 0) return [];
    // An alias for a name of DNS need not list the ports that are used.
    if (contents.some((content) => hasPort(content, port) || isAlias(content))) return [];
    const ports = contents.flatMap(portTexts).join(', ') || 'none';
    return [draftAt(from, portPath, 'missing-port', { data: { name, port, ports } })];
  });
}

const isAlias = (content: Content): boolean => stringAt(content, 'spec', 'type') === 'ExternalName';

function hasPort(content: Content, wanted: string | number): boolean {
  return listAt(content, 'spec', 'ports').some((port) =>
    typeof wanted === 'number'
      ? numberAt(port, 'port') === wanted
      : stringAt(port, 'name') === wanted,
  );
}

function portTexts(content: Content): string[] {
  return listAt(content, 'spec', 'ports').map((port) => {
    const name = stringAt(port, 'name');
    const number = String(numberAt(port, 'port') ?? '?');
    return name === undefined ? number : `${name} (${number})`;
  });
}
