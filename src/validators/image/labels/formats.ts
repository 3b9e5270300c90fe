import { isDigest } from '../../../core/digest.ts';

export interface LabelFormat {
  readonly expected: string;
  fits(value: string): boolean;
}

const address: LabelFormat = {
  expected: 'an address (http or https)',
  fits: (value) => {
    const url = URL.parse(value);
    return url?.protocol === 'https:' || url?.protocol === 'http:';
  },
};

/** Annotations whose form the OCI image specification gives, by what follows `org.opencontainers.image.`. */
export const formats: Readonly<Record<string, LabelFormat>> = {
  created: {
    expected: 'a date and time by RFC 3339',
    fits: (value) =>
      /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(
        value,
      ) && !Number.isNaN(Date.parse(value)),
  },
  url: address,
  documentation: address,
  source: {
    expected: 'an address of source code',
    fits: (value) => URL.canParse(value) || /^[\w.-]+@[\w.-]+:\S+$/.test(value),
  },
  licenses: {
    expected: 'an SPDX licence expression',
    fits: isLicenceExpression,
  },
  'base.digest': { expected: 'a digest', fits: isDigest },
};

/** https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/; whether an identifier exists is not asked. */
function isLicenceExpression(text: string): boolean {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  let depth = 0;
  let isDue = true;
  for (const word of words.slice(0, 1000)) {
    if (word === '(') {
      if (!isDue) return false;
      depth++;
    } else if (word === ')') {
      if (isDue || depth === 0) return false;
      depth--;
    } else if (/^(?:AND|OR|WITH)$/i.test(word)) {
      if (isDue) return false;
      isDue = true;
    } else {
      if (!isDue || !/^[A-Za-z0-9.:-]+\+?$/.test(word)) return false;
      isDue = false;
    }
  }
  return !isDue && depth === 0;
}
