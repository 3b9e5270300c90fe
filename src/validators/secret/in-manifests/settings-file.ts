import { isLiteralSecret } from '../literal-name.ts';

/** Files of names and values; in programs and pages a name stands for something else. */
const settingsName = /(?:^|\.)(?:properties|env|ini|cnf|cfg|conf|ya?ml|json|toml)$/i;

/** What one of the names begins with must occur somewhere; most files end here. */
const anySecret = /pass|secret|token|key|credential/i;

/** `name=value`, `name: value`, with quotes or without; the value up to the end of the line. */
const settingLine = /^[ \t]*(?:export[ \t]+)?["']?([\w.-]{2,80})["']?[ \t]*[:=][ \t]*(\S.*)$/;

/** A map, list, block, anchor, alias or tag: the value stands elsewhere, or is none. */
const structure = /^[{[|>&*!]/;

/** Characters; what is longer is data, and nobody's password. */
const longestLine = 2000;

/** Whether the entry of a ConfigMap is a file of settings by its name. */
export function isSettingsFile(name: string): boolean {
  return settingsName.test(name);
}

/** The names of settings that are set to a literal secret, each once; never a value. */
export function literalsOf(text: string): readonly string[] {
  if (!anySecret.test(text)) return [];
  const names = text.split('\n').flatMap((line) => {
    if (line.length > longestLine) return [];
    const [, name, rest] = settingLine.exec(line) ?? [];
    if (name === undefined || rest === undefined || structure.test(rest)) return [];
    return isLiteralSecret(name, plainValue(rest)) ? [name] : [];
  });
  return [...new Set(names)];
}

/** The value without quotes, what follows them, and a comment. */
function plainValue(rest: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(rest)?.[2];
  return quoted ?? rest.replace(/[ \t]+[#;].*$/, '').replace(/[,;]?[ \t\r]*$/, '');
}
