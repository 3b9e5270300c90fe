import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type JsonObject, parseObject } from '../../core/json.ts';
import type { Content, EvidenceDocument } from './document.ts';
import { readers } from './readers/registry.ts';

/** Entries of one list in a document; an image with a million packages is an attack or a mistake. */
const maxEntries = 500_000;

/** Attestations carry documents; one in another in another is not made by a tool. */
const maxNesting = 3;

/**
 * Understands a document by what it says, whatever the file is called.
 * @throws Fault `evidence-unreadable`, `input-too-large`
 */
export function readEvidence(file: string, bytes: Buffer): EvidenceDocument {
  // A mark of byte order comes from tools on Windows, and JSON.parse refuses it.
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const json = parseObject(text);
  if (!json) throw new Fault('evidence-unreadable', `${file}: it is no JSON object`);
  const read = readNested(json, 0);
  if (!read) throw new Fault('evidence-unreadable', `${file}: its format is not known`);
  const { format, content } = read;
  for (const list of [content.vulnerabilities, content.components, content.statements]) {
    if ((list?.length ?? 0) <= maxEntries) continue;
    throw new Fault('input-too-large', `${file}: it lists more than ${maxEntries} entries`);
  }
  return { ...content, file, format, digest: sha256(bytes) };
}

function readNested(
  json: JsonObject,
  depth: number,
): { readonly format: string; readonly content: Content } | undefined {
  const reader = readers.find((candidate) => candidate.recognises(json));
  if (!reader || depth > maxNesting) return undefined;
  const content = reader.read(json, (inner) => readNested(inner, depth + 1)?.content);
  return { format: reader.title, content };
}
