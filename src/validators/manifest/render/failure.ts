const longest = 400;

/** What a program said before it failed, in one line; of much, the end: causes stand last. */
export function failureOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:WARNING|# Warning|level=warn)/i.test(line));
  const said = lines.join(' ').replace(/^Error: /i, '');
  if (said === '') return 'it failed and said nothing';
  return said.length > longest ? `…${said.slice(-longest)}` : said;
}
