import type { LoadedConfig } from '../config/load.ts';
import { rulesAskedFor } from '../validators/image/beside.ts';

/** What the configuration says about rules, and those that look at what its services name. */
export function chosenRules({
  value: { rules, services = [] },
}: LoadedConfig): LoadedConfig['value']['rules'] {
  return { ...rules, enable: [...(rules.enable ?? []), ...services.flatMap(rulesAskedFor)] };
}
