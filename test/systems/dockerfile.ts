export interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly text: string;
}

/** The instructions of a Dockerfile, continued lines joined, without comments. */
export const instructionsOf = (dockerfile: string): Instruction[] =>
  dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', text = ''] = /^\s*(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), text: text.trim() };
    });

/** The texts of all instructions of a name. */
export const textsOf = (dockerfile: string, name: string): string[] =>
  instructionsOf(dockerfile)
    .filter((instruction) => instruction.name === name)
    .map(({ text }) => text);

/** The text of the only one of its name. @throws Error */
export function textOf(dockerfile: string, name: string): string {
  const [text, ...more] = textsOf(dockerfile, name);
  if (text === undefined || more.length > 0) throw new Error(`expected one ${name}`);
  return text;
}

/** Of its LABELs, with `${NAME}` as the build arguments have it. */
export function labelsOf(
  dockerfile: string,
  args: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = textsOf(dockerfile, 'LABEL').flatMap((text) => [
    ...text.matchAll(/([^\s=]+)="([^"]*)"/g),
  ]);
  const filled = (value: string) =>
    value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => args[name] ?? '');
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, filled(value)]));
}
