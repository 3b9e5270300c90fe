import type { Image } from '../image/image.ts';
import type { Content, Subject, SubjectName } from './document.ts';

/** Whether a document is about an image, by digests alone: names and tags move. */
export type Binding =
  | {
      readonly state: 'bound';
      /** Which of the image's digests the document names. */
      readonly by: 'manifest' | 'config' | 'index';
    }
  /** It is about no single image: a statement, a catalogue. */
  | { readonly state: 'general' }
  /** It names no digest. */
  | { readonly state: 'unbound' }
  /** It names digests, and none is the image's. */
  | { readonly state: 'other-image'; readonly named: string }
  /** It names the index that holds the image, and another image of it. */
  | { readonly state: 'other-platform'; readonly named: string };

export function bindingOf({ subject }: Pick<Content, 'subject'>, image: Image): Binding {
  if (subject === null) return { state: 'general' };
  const [first] = subject.names;
  if (first === undefined) return { state: 'unbound' };
  const own = namesOf(image);
  const by = (wanted: 'manifest' | 'config' | 'index') =>
    subject.names.find(({ digest }) => own.get(digest) === wanted);
  if (by('config')) return { state: 'bound', by: 'config' };
  if (by('manifest')) return { state: 'bound', by: 'manifest' };
  if (!by('index')) return { state: 'other-image', named: first.digest };
  const other = elsewhere(subject, image, own);
  return other === undefined
    ? { state: 'bound', by: 'index' }
    : { state: 'other-platform', named: other };
}

/** All digests that mean the image, and of what they are. */
export function namesOf(image: Image): ReadonlyMap<string, 'manifest' | 'config' | 'index'> {
  const { id, digest, digests } = image;
  return new Map([
    ...digests.map((one) => [one, 'index'] as const),
    [digest, 'manifest' as const],
    ...(id === null ? [] : [[id, 'config'] as const]),
  ]);
}

/** What shows that of an index another image than ours was looked at. */
function elsewhere(
  { names, platform }: Subject,
  image: Image,
  own: ReadonlyMap<string, string>,
): string | undefined {
  const isOther = ({ of, digest }: SubjectName) => of !== 'any' && !own.has(digest);
  const other = names.find(isOther);
  if (other) return other.digest;
  const architecture = image.config?.architecture;
  const differs =
    platform && architecture !== undefined && platform.architecture !== ''
      ? architectureOf(platform.architecture) !== architectureOf(architecture)
      : false;
  return differs ? `${platform?.os || 'linux'}/${platform?.architecture}` : undefined;
}

/** Distributions and Go call the same processors differently. */
function architectureOf(name: string): string {
  const same: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', i386: '386' };
  return same[name] ?? name;
}
