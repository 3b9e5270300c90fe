import { grace, type Signal, signal } from './signal.ts';

/** Texts of containerd, CRI-O and registries, which the kubelet passes on (catalogue of their errors). */
const denied =
  /unauthori[sz]ed|authorization failed|authentication required|pull access denied|403 forbidden|denied:/i;
const platform =
  /no match for platform|no matching manifest|does not match the specified platform/i;
const missing = /not found|manifest unknown|name unknown|no such manifest|does not exist/i;
/** These hold words of the above, and may heal. */
const transport =
  /no such host|server misbehaving|dial tcp|i\/o timeout|connection (refused|reset)|TLS handshake|EOF|429|too many requests|50\d /i;

/**
 * Why an image is not there.
 * @param message of the waiting state; the events of the pod say more than a back-off does
 */
export function imageSignal(
  image: string,
  message: string,
  place: { readonly pod: string; readonly container: string },
): Signal {
  const detail = `${image}: ${scrubbed(image, message)}`;
  // A tag may hold any of the words.
  const text = message.replaceAll(image, '');
  if (!transport.test(text)) {
    if (platform.test(text)) return signal('image-platform', grace.none, detail, place);
    if (denied.test(text)) return signal('image-denied', grace.none, detail, place);
    if (missing.test(text)) return signal('image-not-found', grace.none, detail, place);
  }
  return signal('image-pull', grace.tolerated, detail, place);
}

/** A registry that limits pulls names the account; the reference is said already. */
function scrubbed(image: string, message: string): string {
  const said = message
    .replaceAll(
      /You have reached your pull rate limit as '[^']*'/g,
      'the pull rate limit is reached',
    )
    .replace(/^Back-off pulling image "[^"]*":? ?/, '')
    .replace(/^(ErrImagePull: )?(rpc error: code = \w+ desc = )?/, '')
    .replace(/^failed to pull and unpack image "[^"]*": /, '')
    .replace(/^failed to resolve reference "[^"]*": /, '');
  return said.startsWith(`${image}: `) ? said.slice(image.length + 2) : said;
}
