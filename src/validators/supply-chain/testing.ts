import type { Image } from '../image/image.ts';
import { imageOf } from '../image/testing.ts';
import type { EvidenceDocument } from './document.ts';
import { evidenceOf, type ImageEvidence } from './evidence.ts';
import { readEvidence } from './read.ts';

export const configDigest = `sha256:${'c'.repeat(64)}`;
export const indexDigest = `sha256:${'1'.repeat(64)}`;
export const otherDigest = `sha256:${'9'.repeat(64)}`;

/** An image for amd64 that a config and an index name, too. */
export async function sampleImage(layers: readonly (readonly unknown[])[] = []): Promise<Image> {
  const image = await imageOf({}, layers);
  return {
    ...image,
    name: 'oci:build/shop',
    id: configDigest,
    digests: [indexDigest, image.digest, configDigest],
  };
}

/** A document from its JSON. */
export function documentOf(json: unknown, file = 'evidence.json'): EvidenceDocument {
  return readEvidence(file, Buffer.from(JSON.stringify(json)));
}

/** The sample image with documents by file name. */
export async function evidenceWith(
  files: Readonly<Record<string, unknown>>,
  layers: readonly (readonly unknown[])[] = [],
): Promise<ImageEvidence> {
  const image = await sampleImage(layers);
  return evidenceOf(
    image,
    Object.entries(files).map(([file, json]) => documentOf(json, file)),
  );
}

/** A report of Trivy on the sample image; vulnerabilities are of libssl3 unless they say another. */
export function trivyReport(
  vulnerabilities: readonly Readonly<Record<string, unknown>>[],
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    SchemaVersion: 2,
    CreatedAt: '2026-05-04T10:00:00.123456789Z',
    ArtifactName: 'registry.example/shop:2.0.0',
    ArtifactType: 'container_image',
    Metadata: { ImageID: configDigest },
    Results: [
      {
        Target: 'registry.example/shop:2.0.0 (debian 12.11)',
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: vulnerabilities.map((one) => ({
          PkgName: 'libssl3',
          InstalledVersion: '3.0.15-1',
          PkgIdentifier: { PURL: 'pkg:deb/debian/libssl3@3.0.15-1?arch=amd64&distro=debian-12.11' },
          FixedVersion: '3.0.17-1',
          Severity: 'HIGH',
          ...one,
        })),
      },
    ],
    ...more,
  };
}

/** A report of Grype on the sample image. */
export function grypeReport(
  matches: readonly {
    readonly id: string;
    readonly severity: string;
    readonly related?: readonly string[];
    readonly name?: string;
    readonly version?: string;
    readonly purl?: string;
    readonly path?: string;
    readonly fix?: readonly string[];
    readonly exploited?: boolean;
  }[],
  descriptor: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    matches: matches.map((one) => ({
      vulnerability: {
        id: one.id,
        severity: one.severity,
        fix: { versions: one.fix ?? [], state: one.fix ? 'fixed' : 'not-fixed' },
        ...(one.exploited && { knownExploited: [{ cve: one.id }] }),
      },
      relatedVulnerabilities: (one.related ?? []).map((id) => ({ id })),
      artifact: {
        name: one.name ?? 'libssl3',
        version: one.version ?? '3.0.15-1',
        type: 'deb',
        purl: one.purl ?? 'pkg:deb/debian/libssl3@3.0.15-1?arch=amd64',
        locations: [{ path: one.path ?? '/var/lib/dpkg/status' }],
      },
    })),
    source: {
      type: 'image',
      target: {
        userInput: 'registry.example/shop:2.0.0',
        imageID: configDigest,
        manifestDigest: `sha256:${'e'.repeat(64)}`,
        repoDigests: [],
        architecture: 'amd64',
        os: 'linux',
      },
    },
    descriptor: {
      name: 'grype',
      version: '0.100.0',
      timestamp: '2026-05-04T10:00:00Z',
      db: { status: { schemaVersion: 'v6.1.0', built: '2026-05-03T06:00:00Z' } },
      ...descriptor,
    },
  };
}
