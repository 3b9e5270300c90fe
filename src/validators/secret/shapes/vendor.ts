import type { Confidence, Shape } from './shape.ts';

/** Names in the ways that programs write them. */
const spellings = (names: readonly string[]): string[] => [
  ...new Set(
    names.flatMap((name) => [
      name,
      name.toUpperCase(),
      `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    ]),
  ),
];

/** What makes a name that of a credential, and not of a page or a product. */
const credentialWord = /key|token|secret|passw|auth|credential|api|access|bearer|pat\b/i;

/**
 * Values that only the name of the issuer tells from any other: lengths and alphabets as the rules of
 * gitleaks that are named publish them. Where the name says nothing of a credential it is a guess.
 */
export function vendor(
  id: string,
  title: string,
  names: readonly string[],
  value: RegExp,
  gitleaks: readonly string[],
  entropy = 2.5,
): Shape {
  return {
    ...{ id, title, gitleaks, entropy },
    anchors: spellings(names),
    assigned: true,
    pattern: value,
    placeholders: false,
    judge: (match, name) => judgeVendor(match[0], name),
  };
}

const filler = /example|placeholder|redacted|dummy|change_?me|your[_-]|([^A])\1{5}|^(.)\2*$/i;
/** Digits in their order are rarely chance, and were once somebody's key all the same. */
const counted = /0123456789|1234567890|12345678/;

function judgeVendor(value: string, name: string): Confidence | undefined {
  if (filler.test(value)) return undefined;
  return credentialWord.test(name) && !counted.test(value) ? 'likely' : 'possible';
}
