import { Fault } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectOf, parseObject, textOf } from '../../core/json.ts';

/** Characters of one line of progress. */
const maxLine = 1024 * 1024;

/**
 * The objects of a stream of JSON lines, by which the engine tells how far it is.
 * @throws Fault `engine-failed`
 */
export async function* messages(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of source) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    if (text.length > maxLine) throw new Fault('engine-failed', 'the engine sends an endless line');
    for (const line of lines) if (line.trim() !== '') yield objectIn(line);
  }
  if (text.trim() !== '') yield objectIn(text);
}

function objectIn(line: string): JsonObject {
  const message = parseObject(line);
  if (message) return message;
  throw new Fault('engine-failed', `the engine sends no JSON: ${line.slice(0, 100)}`);
}

/** What went wrong, where a message says so: the status of the answer was sent long before. */
export function errorIn(message: JsonObject): string | undefined {
  return (
    textOf(fieldOf(objectOf(fieldOf(message, 'errorDetail')), 'message')) ??
    textOf(fieldOf(message, 'error'))
  );
}

/**
 * What the engine's words about a pull mean; undefined when the registry has no such image. The
 * engine has one status for many reasons, so only its words tell them apart.
 */
export function pullFault(host: string, registry: string, words: string): Fault | undefined {
  const said = words.replace(/\s+/g, ' ').trim().slice(0, 300);
  if (/denied|unauthorized|authentication required|no basic auth/i.test(said)) {
    return new Fault('registry-denied', `${registry} refuses Docker Engine at ${host}: ${said}`);
  }
  if (/manifest unknown|name unknown|not found/i.test(said)) return undefined;
  if (/dial tcp|lookup |no such host|i\/o timeout|handshake|x509|EOF/i.test(said)) {
    return new Fault('registry-unreachable', `${registry}, from Docker Engine at ${host}: ${said}`);
  }
  return new Fault('engine-failed', `Docker Engine at ${host} did not pull: ${said}`);
}
