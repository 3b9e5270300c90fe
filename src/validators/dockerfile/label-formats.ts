/** Whether a value has the form that its name says. */
export const labelFormats = {
  text: () => true,
  url: (value: string) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value) && URL.canParse(value),
  /** https://datatracker.ietf.org/doc/html/rfc3339#section-5.6 */
  rfc3339: (value: string) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value.replace(' ', 'T'))),
  /** Identifiers with AND, OR and WITH (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/). */
  spdx: (value: string) =>
    /^\(*[A-Za-z0-9][\w.+-]*\)*(?: (?:AND|OR|WITH) \(*[A-Za-z0-9][\w.+-]*\)*){0,20}$/.test(value),
  /** In full, or as git shortens it. */
  hash: (value: string) => /^(?:[0-9a-f]{7}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(value),
  /** https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
  semver: (value: string) => {
    const [, , pre = ''] =
      /^((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(
        value,
      ) ?? ['', '', '!'];
    return (
      pre === '' || pre.split('.').every((part) => /^(?:0|[1-9]\d*|\d*[A-Za-z-][\w-]*)$/.test(part))
    );
  },
  email: (value: string) => /^[^\s@<>]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value),
} as const satisfies Readonly<Record<string, (value: string) => boolean>>;

export type LabelFormat = keyof typeof labelFormats;
