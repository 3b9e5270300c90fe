import { homeFolder, type LoadedConfig, loadConfig } from '../config/load.ts';
import { createLedger } from '../core/leftovers.ts';
import type { RunHome } from '../core/run-folder.ts';
import { createScope, type Scope } from '../core/scope.ts';

/** The configuration in force, the folder that runs are kept in, and the owner of what is started. */
export interface Workspace {
  readonly config: LoadedConfig;
  readonly home: RunHome;
  readonly scope: Scope;
}

/** @param named the `--config` flag */
export async function openWorkspace(named: string | undefined): Promise<Workspace> {
  const config = await loadConfig({ folder: process.cwd(), named, env: process.env });
  const home = { folder: homeFolder(config.root, process.env) };
  return { config, home, scope: createScope(createLedger(`${home.folder}/leftovers`)) };
}
