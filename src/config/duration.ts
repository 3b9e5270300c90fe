const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type Unit = keyof typeof unitMs;

const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;

/** Milliseconds of a duration such as `30s`, `1h30m` or `7d`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    const [, amount = '', unit = ''] = match;
    if (!isUnit(unit)) return undefined;
    total += Number(amount) * unitMs[unit];
  }
  return text === '' ? undefined : total;
}

function isUnit(text: string): text is Unit {
  return text in unitMs;
}
