import {
  formatReference,
  type ImageReference,
  isReferenceProblem,
  readReference,
} from '../../core/reference.ts';

/** Whether a wanted tag or name means a name that an image has in a file. */
export function isNameOf(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`:${wanted}`) || inFull(name) === inFull(wanted);
}

/** `shop:1`, `library/shop:1` and `docker.io/library/shop:1` are one name. */
function inFull(name: string): string {
  const read = readReference(name);
  return isReferenceProblem(read) ? name : formatReference(read);
}

/** The path in a registry of the first name that is one, and not a tag alone. */
export function repositoryIn(names: readonly string[]): { readonly repository?: string } {
  const read = names.filter((name) => /[:/]/.test(name)).map(readReference);
  const first = read.find((one): one is ImageReference => !isReferenceProblem(one));
  return first ? { repository: shortRepository(first) } : {};
}

/** Without what Docker puts before the names of Docker Hub that have one word. */
export function shortRepository({ repository }: Pick<ImageReference, 'repository'>): string {
  return repository.replace(/^library\//, '');
}
