import type { TargetKind } from '../../core/target.ts';
import type { Loader } from './context.ts';
import { loadDockerfiles } from './dockerfiles.ts';
import { loadFileSet } from './files.ts';
import { loadImageEvidence } from './image-evidence.ts';
import { loadImages } from './images.ts';
import { loadManifestSet } from './manifests.ts';
import { loadMigrationSets } from './migrations.ts';

/** The kinds that come from files, images and registries; all others are observed (see `observers`). */
export const loaders: Readonly<Partial<Record<TargetKind, Loader>>> = {
  image: loadImages,
  imageEvidence: loadImageEvidence,
  dockerfile: loadDockerfiles,
  manifestSet: loadManifestSet,
  fileSet: loadFileSet,
  migrationSet: loadMigrationSets,
};
