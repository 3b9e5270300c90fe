import { constants, createGunzip } from 'node:zlib';

/** Unpacks gzip where it is called, into one buffer that is used again and again. */
export interface Inflater {
  /** Calls back with bytes that are valid during the call only. @throws Error of zlib, with its code */
  write(chunk: Uint8Array, onData: (bytes: Uint8Array) => void): void;
  /** @throws Error of zlib when the stream is not at its end */
  end(onData: (bytes: Uint8Array) => void): void;
  close(): void;
}

/**
 * What node:zlib's own synchronous functions call. It is in none of its documentation, and no documented
 * way unpacks a stream without a new buffer for each piece and a trip to another thread and back, which
 * took half as long as the unpacking itself.
 */
interface Binding {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
}

const pieceSize = 256 * 1024;
const nothing = new Uint8Array();

/** Undefined where this Node.js has no such binding; then a stream has to do. */
export function createInflater(): Inflater | undefined {
  const gunzip = createGunzip();
  const handle: unknown = Reflect.get(gunzip, '_handle');
  const left: unknown = Reflect.get(gunzip, '_writeState');
  if (!isBinding(handle) || !(left instanceof Uint32Array)) return undefined;
  // It tells of an error a second time, when nobody waits any more.
  gunzip.on('error', () => undefined);
  const piece = Buffer.allocUnsafeSlow(pieceSize);

  const run = (flush: number, input: Uint8Array, onData: (bytes: Uint8Array) => void): void => {
    let offset = 0;
    for (;;) {
      handle.writeSync(flush, input, offset, input.length - offset, piece, 0, pieceSize);
      if (gunzip.errored) throw gunzip.errored;
      const [room = 0, unread = 0] = left;
      if (room < pieceSize) onData(piece.subarray(0, pieceSize - room));
      offset = input.length - unread;
      // With room left it wants more than there is, or the stream has ended.
      if (room > 0) return;
    }
  };

  return {
    write: (chunk, onData) => run(constants.Z_NO_FLUSH, chunk, onData),
    end: (onData) => run(constants.Z_FINISH, nothing, onData),
    close: () => gunzip.destroy(),
  };
}

function isBinding(value: unknown): value is Binding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'writeSync' in value &&
    typeof value.writeSync === 'function'
  );
}
