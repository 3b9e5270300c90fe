import type { ShellScript } from './shell-script.ts';

const word = /^[\w./:=@%^,+-]*$/;

/** Variables of a script that hold nothing a shell would split: every assignment gives a plain word. */
export function numbersIn({ commands, assigned }: ShellScript): ReadonlySet<string> {
  const given = new Map<string, boolean>();
  for (const { name: command, assignments } of commands) {
    for (const { name, value } of assignments) {
      const isPlain = value?.value !== undefined && word.test(value.value);
      // Before a command it is for that alone.
      if (command === '' || isDeclaring.test(command)) {
        given.set(name, (given.get(name) ?? true) && isPlain);
      }
    }
  }
  return new Set(
    [...given].flatMap(([name, isPlain]) => (isPlain && assigned.has(name) ? [name] : [])),
  );
}

const isDeclaring = /^(?:export|declare|typeset|local|readonly)$/;
