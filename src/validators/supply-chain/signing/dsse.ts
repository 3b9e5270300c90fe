/**
 * What a signature of DSSE is over: type and payload with their lengths, so that neither passes for a part of the
 * other (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md#signature-definition).
 */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
