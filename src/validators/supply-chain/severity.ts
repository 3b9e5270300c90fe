import { severities, type VulnerabilitySeverity } from './document.ts';

const words: Readonly<Record<string, VulnerabilitySeverity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  negligible: 'negligible',
  info: 'negligible',
  none: 'negligible',
};

/** From the word of any tool, in any case. */
export function severityOf(word: string | undefined): VulnerabilitySeverity {
  const key = word?.toLowerCase() ?? '';
  return Object.hasOwn(words, key) ? (words[key] ?? 'unknown') : 'unknown';
}

/** By the bands of CVSS 3.1, section 5: https://www.first.org/cvss/v3.1/specification-document */
export function severityOfScore(score: number): VulnerabilitySeverity {
  if (!(score >= 0 && score <= 10)) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'negligible';
}

export function isAsGrave(one: VulnerabilitySeverity, as: VulnerabilitySeverity): boolean {
  return severities.indexOf(one) >= severities.indexOf(as);
}

export function graver(
  one: VulnerabilitySeverity,
  other: VulnerabilitySeverity,
): VulnerabilitySeverity {
  return isAsGrave(one, other) ? one : other;
}
