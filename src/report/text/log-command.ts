/**
 * CI runners take orders from what a step prints: GitHub reads lines that start with `::` after any
 * blanks, and `##[` anywhere; Azure Pipelines reads `##vso[`. No line of this report is meant as one,
 * so a release cannot speak to the runner through its file names.
 */
export function inert(line: string): string {
  return line.replace(/^(\s*)::/, '$1\\u{3a}:').replace(/##(?=(?:vso)?\[)/g, '#\\u{23}');
}
