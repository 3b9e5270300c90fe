import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { type Platform, parsePlatform } from '../core/platform.ts';
import { type Beside, loadImageBeside, rulesAskedFor } from '../validators/image/beside.ts';
import { createLayerCache } from '../validators/image/load.ts';
import type { CommandContext } from './base.ts';
import { type ExamineFlags, examine } from './examine.ts';
import { imageSystems } from './image-systems.ts';
import { keptLayers } from './kept-layers.ts';

export interface ImageFlags extends ExamineFlags, Beside {
  readonly platform?: string | undefined;
  readonly 'insecure-registry'?: readonly string[] | undefined;
  readonly cache: boolean;
  readonly evidence?: readonly string[] | undefined;
  /** Files of public keys. */
  readonly key?: readonly string[] | undefined;
}

const signatureRule = 'supply-chain/signature';

/** Reads images and what is named beside them, and judges all of it. */
export async function examineImages(
  context: CommandContext,
  references: readonly string[],
  flags: ImageFlags,
): Promise<ExitCode> {
  const { signal, scope, config, adapters } = context;
  const platform = platformOf(flags.platform);
  const scanSecrets = !config.value.rules.disable?.includes('image/secret');
  const store = flags.cache ? await keptLayers(scanSecrets) : undefined;
  const options = {
    ...{ root: process.cwd(), signal, scope, cache: createLayerCache(), store, scanSecrets },
    systems: imageSystems(adapters, flags['insecure-registry']),
    platform,
  };
  const inputs = references.map((name) => ({
    name,
    load: () => loadImageBeside(name, flags, options),
  }));
  const enable = rulesAskedFor(flags);
  try {
    const { evidence, key } = flags;
    if (!evidence && !key) return await examine(context, { ...flags, enable }, 'image', inputs);
    const { evidenceBeside, keysOf } = await import('./evidence-beside.ts');
    const besides = await evidenceBeside(evidence ?? [], await keysOf(key, config), options);
    const kinds = ['image', 'imageEvidence'] as const;
    const only = evidence ? undefined : { imageEvidence: [signatureRule] };
    return await examine(context, { ...flags, enable, only }, kinds, inputs, besides);
  } finally {
    await store?.close();
  }
}

function platformOf(text: string | undefined): Platform | undefined {
  if (text === undefined) return undefined;
  const platform = parsePlatform(text);
  if (platform) return platform;
  throw new Fault('usage-invalid', `--platform ${text}: it is not OS/ARCH, such as linux/arm64`);
}
