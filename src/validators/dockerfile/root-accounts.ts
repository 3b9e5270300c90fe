import type { Instruction } from './instruction.ts';

const passwdLine = /(?:^|[\s'"])([a-z_][\w-]{0,31}):[^:\s]*:0+:\d*:/g;

/** Users that a RUN makes with the uid 0: `useradd -o -u 0 app`, or a line of its own for /etc/passwd. */
export function rootAccountsIn({ script, body, heredocs }: Instruction): readonly string[] {
  const made = (script?.commands ?? []).flatMap(({ name, words }) => {
    if (!/^(?:useradd|adduser|usermod)$/.test(name)) return [];
    const values = words.map(({ value }) => value ?? '');
    const isRoot = values.some((value, at) =>
      /^(?:-u|--uid|-ou)$/.test(value)
        ? /^0+$/.test(values[at + 1] ?? '')
        : /^--uid=0+$/.test(value),
    );
    const user = values.at(-1);
    return isRoot && user !== undefined && user !== 'root' ? [user] : [];
  });
  const text = [body.text, ...heredocs.map((one) => one.body.text)].join('\n');
  if (!text.includes('/etc/passwd')) return made;
  const lines = [...text.matchAll(passwdLine)].flatMap(([, user = '']) =>
    user === 'root' ? [] : [user],
  );
  return [...made, ...lines];
}
