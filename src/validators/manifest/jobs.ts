import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import type { Path } from './read.ts';

/** What a Job is made of: a Job itself, or the template of a CronJob. */
export interface JobSpec {
  readonly object: ManifestObject;
  /** From the object to the specification of the job. */
  readonly path: Path;
  /** For people: `CronJob report`. */
  readonly name: string;
}

export function jobSpecs(set: ManifestSet): JobSpec[] {
  return [
    ...objectsOf(set, 'batch/v1', 'Job').map((object) => specOf(object, ['spec'])),
    ...objectsOf(set, 'batch/v1', 'CronJob').map((object) =>
      specOf(object, ['spec', 'jobTemplate', 'spec']),
    ),
  ];
}

function specOf(object: ManifestObject, path: Path): JobSpec {
  return { object, path, name: `${object.kind} ${object.name}` };
}
