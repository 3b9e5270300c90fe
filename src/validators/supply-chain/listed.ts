import type { InstalledPackage, PackageType } from '../image/packages/package.ts';
import type { Component, EvidenceDocument } from './document.ts';
import { parsePurl } from './purl.ts';

/** Whether bills of materials list a package, by type, name and version. */
export function listedIn(
  documents: readonly EvidenceDocument[],
): (one: InstalledPackage) => boolean {
  const typed = new Set<string>();
  const untyped = new Set<string>();
  for (const { components } of documents) {
    for (const component of components ?? []) {
      const [type, name, version] = partsOf(component);
      if (type === undefined) untyped.add(`${name} ${version}`);
      else typed.add(`${type} ${name} ${version}`);
    }
  }
  return ({ type, name, version }) => {
    const key = `${plainName(type, name)} ${plainVersion(type, version)}`;
    return typed.has(`${type} ${key}`) || untyped.has(key) || untyped.has(`${name} ${version}`);
  };
}

const types: readonly PackageType[] = ['deb', 'apk', 'rpm', 'npm', 'pypi', 'golang'];

/** Of a component without a package URL the type is not known. */
function partsOf({ name, version, purl }: Component): [PackageType | undefined, string, string] {
  const parsed = purl === null ? undefined : parsePurl(purl);
  const type = types.find((candidate) => candidate === parsed?.type);
  if (!parsed || type === undefined) return [undefined, name, version];
  // The namespace of a system's package is its vendor, and part of the name only elsewhere.
  const isSystem = type === 'deb' || type === 'apk' || type === 'rpm';
  const full =
    isSystem || parsed.namespace === '' ? parsed.name : `${parsed.namespace}/${parsed.name}`;
  return [type, plainName(type, full), plainVersion(type, parsed.version ?? version)];
}

/** Python's names are one in any case and with any of `-`, `_`, `.`; Go's URLs are in lower case. */
function plainName(type: PackageType, name: string): string {
  if (type === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return type === 'golang' || type === 'npm' ? name.toLowerCase() : name;
}

/** Tools write the epoch in the version, in a qualifier, or leave out one of 0. */
function plainVersion(type: PackageType, version: string): string {
  if (type === 'deb' || type === 'rpm') return version.replace(/^\d+:/, '');
  return type === 'golang' ? version.replace(/^(?:v|go)(?=\d)/, '') : version;
}
