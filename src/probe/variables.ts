import { Fault, messageOf } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';

export interface VariableSources {
  /** `NAME=VALUE`, or `NAME` for the value that this process has. */
  readonly env: readonly string[];
  /** Files with `NAME=VALUE` a line. */
  readonly files: readonly string[];
}

const namePattern = /^[^=\s\0]{1,256}$/;

/**
 * The variables of a container, those of files first. Messages never have a value.
 * @param own the environment that a bare name is looked up in
 * @param register told every value, so that it can be kept out of all that is printed
 * @throws Fault `usage-invalid`, `input-missing`
 */
export async function variablesOf(
  { env, files }: VariableSources,
  own: Readonly<Record<string, string | undefined>>,
  register: (value: string) => void,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const file of files) {
    for (const [at, line] of (await textOf(file)).split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
      Object.assign(variables, variableOf(line.trimStart(), `${file}:${at + 1}`, own));
    }
  }
  for (const text of env) Object.assign(variables, variableOf(text, '--env', own));
  for (const value of Object.values(variables)) register(value);
  return variables;
}

function variableOf(
  text: string,
  where: string,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  const name = at === -1 ? text : text.slice(0, at);
  if (!namePattern.test(name)) throw new Fault('usage-invalid', `${where}: expected NAME=VALUE`);
  if (at !== -1) return { [name]: text.slice(at + 1) };
  const value = own[name];
  if (value === undefined) {
    throw new Fault('usage-invalid', `${where}: ${name} is not set here; expected NAME=VALUE`);
  }
  return { [name]: value };
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readSmall(file)).toString('utf8');
  } catch (error) {
    throw new Fault('input-missing', `--env-from: ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** The words of a command line without the values of its variables. */
export function withoutValues(argv: readonly string[]): string[] {
  const flag = '--env';
  return argv.map((word, at) => {
    if (argv[at - 1] === flag) return word.replace(/=.*$/s, '=…');
    return word.startsWith(`${flag}=`) ? word.replace(/^(--env=[^=]*)=.*$/s, '$1=…') : word;
  });
}
