import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** The rules of gitleaks with the samples that each publishes. */
const carrier = 'github.com/zricethezav/gitleaks/v8@v8.30.1';

export interface Sample {
  /** Empty where the rule asks for none. */
  readonly path: string;
  readonly text: string;
}

export interface PublishedRule {
  readonly rule: string;
  readonly positive: readonly Sample[];
  readonly negative: readonly Sample[];
}

interface Published {
  /** Of every rule of the configuration that gitleaks comes with. */
  readonly ids: readonly string[];
  /** A few rules publish no samples. */
  readonly rules: readonly PublishedRule[];
}

/**
 * Runs the generator of gitleaks' rules, out of its public Go module, with files of ours in place of that which
 * tries the samples and of that which makes most of them by chance: here they are the same in each run.
 * @returns undefined where there is no Go to fetch it
 */
export async function publishedRules(): Promise<Published | undefined> {
  const { exitCode, stdout } = await execa('go', ['mod', 'download', '-json', carrier], {
    cwd: tmpdir(),
    reject: false,
  });
  if (exitCode !== 0) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-gitleaks-'));
  try {
    await cp(JSON.parse(stdout).Dir, folder, { recursive: true });
    await execa('chmod', ['-R', 'u+w', folder]);
    const replaced = {
      'samples.go': 'cmd/generate/config/utils/validate.go',
      'seeded.go': 'cmd/generate/secrets/regen.go',
    };
    for (const [own, theirs] of Object.entries(replaced)) {
      const text = await readFile(join(import.meta.dirname, own));
      await writeFile(join(folder, theirs), text);
    }
    // Afterwards it writes the rules to a file, which nobody reads.
    const run = await execa('go', ['run', './cmd/generate/config', join(folder, 'rules.toml')], {
      cwd: folder,
      reject: false,
    });
    const lines = run.stdout.split('\n').filter((line) => line.startsWith('{"rule"'));
    if (lines.length === 0) throw new Error(`no samples: ${run.stderr.slice(0, 2000)}`);
    const config = await readFile(join(folder, 'config/gitleaks.toml'), 'utf8');
    const ids = [...config.matchAll(/^id = "([^"]+)"$/gm)].map(([, id = '']) => id);
    return { ids, rules: lines.map((line) => JSON.parse(line)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
