import { objectOf } from '../../../../core/json.ts';
import { nothing, type Reader } from '../../document.ts';
import { each, momentOf, wordOf } from '../../narrow.ts';
import { componentsOf, type Found } from './components.ts';
import { statementOf } from './statements.ts';
import { subjectOf } from './subject.ts';
import { vulnerabilitiesOf } from './vulnerabilities.ts';

/**
 * A bill of materials, what is vulnerable in it, and statements on that, all in one format:
 * https://cyclonedx.org/docs/1.6/json/
 */
export const reader: Reader = {
  title: 'CycloneDX',
  recognises: (json) => json.bomFormat === 'CycloneDX',
  read(json) {
    const metadata = objectOf(json.metadata);
    const subject = objectOf(metadata?.component);
    const found = componentsOf(json.components);
    const byRef = new Map(found.map((component) => [component.ref, component]));
    const entries = each(json.vulnerabilities);
    const serial = serialOf(json.serialNumber);
    const tool = toolOf(metadata?.tools);
    // Some tools write an empty list when they did not look, and people list what they judged. Grype does
    // nothing but look.
    const isScan =
      found.length > 0 &&
      (/^grype\b/.test(tool) || entries.some(({ analysis }) => analysis === undefined));
    return {
      ...nothing,
      tool,
      subject: subject || found.length > 0 ? subjectOf(subject) : null,
      madeAt: momentOf(metadata?.timestamp),
      vulnerabilities: isScan ? entries.flatMap((entry) => vulnerabilitiesOf(entry, byRef)) : null,
      components: found.length > 0 ? found : null,
      statements: entries.flatMap((entry) => statementOf(entry, byRef, subject, metadata)),
      bom: serial === undefined ? null : { serial, purls: purlsOf(found) },
    };
  },
};

function purlsOf(found: readonly Found[]): ReadonlyMap<string, string> {
  return new Map(found.flatMap(({ ref, purl }) => (purl ? [[ref, purl] as const] : [])));
}

function serialOf(value: unknown): string | undefined {
  return wordOf(value)
    ?.replace(/^urn:uuid:/i, '')
    .toLowerCase();
}

/** A list of tools until 1.4, an object with components since. */
function toolOf(tools: unknown): string {
  const [first] = [...each(tools), ...each(objectOf(tools)?.components)];
  return [wordOf(first?.name), wordOf(first?.version)].filter(Boolean).join(' ');
}
