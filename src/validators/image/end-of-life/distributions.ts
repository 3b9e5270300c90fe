/**
 * The last day on which a release of a distribution gets security updates free of charge, by the `ID` of os-release(5)
 * and the beginning of `VERSION_ID`. Of Debian it is the end of LTS, of Ubuntu that of standard support, and the end of a month
 * where only the month is announced. What is not listed is not judged.
 */
const lastDays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-25',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-06-30',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-06-30',
    '24.10': '2025-07-10',
    '26.04': '2031-06-30',
  },
  alpine: {
    '3.9': '2020-11-01',
    '3.10': '2021-05-01',
    '3.11': '2021-11-01',
    '3.12': '2022-05-01',
    '3.13': '2022-11-01',
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  fedora: { '38': '2024-05-21', '39': '2024-11-26', '40': '2025-05-13' },
};

/**
 * `2028-06-30`, or undefined for a release that is not known.
 *
 * @param own last days by `ID VERSION`, which count first
 */
export function lastDayOf(
  id: string,
  version: string,
  own: Readonly<Record<string, string>> = {},
): string | undefined {
  const known = new Map([
    ...Object.entries(Object.hasOwn(lastDays, id) ? (lastDays[id] ?? {}) : {}).map(
      ([name, day]) => [`${id} ${name}`, day] as const,
    ),
    ...Object.entries(own),
  ]);
  const [major = '', minor] = version.split('.');
  return known.get(`${id} ${major}.${minor}`) ?? known.get(`${id} ${major}`);
}
