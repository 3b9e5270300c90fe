import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { detect } from '../config/detect.ts';
import { configFileName } from '../config/load.ts';
import { parseConfig } from '../config/parse.ts';
import { starterConfig } from '../config/starter.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault, systemCode } from '../core/fault.ts';

/** Writes or prints the starter configuration of a repository. */
export async function initialise(
  root: string,
  print: boolean,
  signal: AbortSignal,
): Promise<ExitCode> {
  const text = starterConfig(basename(root), await detect(root, signal));
  // What is written must be accepted: a bug here should surface now, not at the first checklist.
  parseConfig(text, configFileName);
  if (print) {
    process.stdout.write(text);
    return 0;
  }
  const file = join(root, configFileName);
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') {
      throw new Fault(
        'usage-invalid',
        `${file} is there already; --print shows what init would write`,
      );
    }
    throw new Fault('output-unwritable', `${file}: ${code}`, { cause: error });
  }
  process.stdout.write(`wrote ${file}; read it through, then run \`deploycheck checklist\`\n`);
  return 0;
}
