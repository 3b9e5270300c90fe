/** No object is longer: etcd bounds it at 1.5 MiB (--max-request-bytes), JSON may be a few times that. */
const maxFrameBytes = 64 * 1024 * 1024;
const newline = 0x0a;

/**
 * The lines of a stream, whatever the pieces it comes in; a last one without newline was cut off and is
 * left out. Bytes are put together before they are decoded, so that no character is split.
 * @throws Error when a line is longer than any object can be
 */
export async function* lines(
  parts: AsyncIterable<Uint8Array>,
  maxBytes = maxFrameBytes,
): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    let from = 0;
    for (let at = part.indexOf(newline); at !== -1; at = part.indexOf(newline, from)) {
      const line = Buffer.concat([...held, part.subarray(from, at)]).toString('utf8');
      held = [];
      size = 0;
      from = at + 1;
      if (line.trim() !== '') yield line;
    }
    if (from === part.length) continue;
    held.push(part.subarray(from));
    size += part.length - from;
    if (size > maxBytes) throw new Error(`a line is longer than ${maxBytes} bytes`);
  }
}
