import { Fault } from '../../core/fault.ts';

const value = '(?:\\d{1,2}|[A-Za-z]{3})';
const field = new RegExp(`^(?:\\*|${value}(?:-${value})?)(?:/\\d{1,2})?$`);

/**
 * The five fields of a schedule, as the CronJobs of Kubernetes take them; the server reads their values.
 * @throws Fault `usage-invalid`
 */
export function cronOf(flag: string, text: string): string {
  const fields = text.trim().split(/\s+/);
  const isWhole = fields.length === 5 && fields.every((entry) => entry.split(',').every(isRange));
  if (isWhole) return fields.join(' ');
  throw new Fault(
    'usage-invalid',
    `${flag} '${text}': expected minute, hour, day, month and weekday, such as "30 2 * * *"`,
  );
}

const isRange = (text: string): boolean => field.test(text);

/** @throws Fault `usage-invalid` */
export function timeZoneOf(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    // An offset is a time zone for JavaScript and none for Kubernetes.
    if (/^[A-Za-z]/.test(text)) return text;
  } catch {
    // Not one that is known.
  }
  throw new Fault(
    'usage-invalid',
    `--time-zone '${text}': expected a name of the IANA database, such as Europe/Berlin or Etc/UTC`,
  );
}
