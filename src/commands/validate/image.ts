import { join } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { LoadedConfig } from '../../config/load.ts';
import { Fault } from '../../core/fault.ts';
import { type Platform, parsePlatform } from '../../core/platform.ts';
import type { Target } from '../../core/target.ts';
import type { AttestationOptions } from '../../validators/image/attestations.ts';
import type { Image } from '../../validators/image/image.ts';
import type { TrustedKey } from '../../validators/supply-chain/signing/keys.ts';
import { BaseCommand, baselineFlags, failOnFlag, presetFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';
import { imageSystems } from '../image-systems.ts';

export default class ValidateImage extends BaseCommand {
  static override summary = 'Check container images: integrity, user, secrets, will it start.';
  static override description =
    'Reads images of an engine, of a registry, of archives that `docker save` wrote, and OCI layouts as folder or archive. Every digest and diff-id is verified on the way, and no image is unpacked to disk. A name without a scheme is a path that exists, else an image of the engine, else one of the registry whose host it begins with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop:2.0.0',
    '<%= config.bin %> <%= command.id %> registry:registry.example.com/shop:2.0.0 --platform linux/arm64',
    '<%= config.bin %> <%= command.id %> oci:build/image',
    '<%= config.bin %> <%= command.id %> oci:build/image --evidence trivy.json --evidence bom.cdx.json',
    '<%= config.bin %> <%= command.id %> registry:registry.example.com/shop:2.0.0 --key cosign.pub',
    'docker save shop:2.0.0 -o shop.tar && <%= config.bin %> <%= command.id %> shop.tar --format json',
  ];
  static override strict = false;
  static override args = {
    references: Args.string({
      description:
        'images: a path, NAME[:TAG], docker:NAME, registry:HOST/NAME, oci:PATH[:TAG], docker-archive:PATH[:NAME]',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...presetFlag,
    ...baselineFlags,
    platform: Flags.string({
      description:
        'which image of several, such as linux/arm64; the one for this machine by default',
      helpValue: 'OS/ARCH',
    }),
    'insecure-registry': Flags.string({
      description: 'registry that may be spoken to without TLS, as loopback ones are; repeatable',
      helpValue: 'HOST',
      multiple: true,
      multipleNonGreedy: true,
    }),
    cache: Flags.boolean({
      description: 'read again what earlier runs read',
      allowNo: true,
      default: true,
    }),
    base: Flags.string({
      description: 'the image it is built on: findings say whose layer they are in',
      helpValue: 'IMAGE',
    }),
    against: Flags.string({
      description: 'the release before, to be told what is new since',
      helpValue: 'IMAGE',
    }),
    structure: Flags.string({
      description: 'file of container-structure-test; may be repeated',
      helpValue: 'FILE',
      multiple: true,
    }),
    evidence: Flags.string({
      description:
        'a file about an image, or a pattern: report of a scan, bill of materials, VEX, attestation; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
    }),
    key: Flags.string({
      description: 'public key in PEM that images of registries have to be signed by; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
    }),
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateImage);
    await this.conduct(flags, async (context) => {
      const { createLayerCache } = await import('../../validators/image/load.ts');
      const { loadImageBeside } = await import('../../validators/image/beside.ts');
      const { signal, scope, config } = context;
      const scanSecrets = !config.value.rules.disable?.includes('image/secret');
      const store = flags.cache ? await layerStore(scanSecrets) : undefined;
      const options = {
        ...{ root: process.cwd(), signal, scope, cache: createLayerCache(), store, scanSecrets },
        systems: imageSystems(context.adapters, flags['insecure-registry']),
        platform: platformOf(flags.platform),
      };
      const inputs = argv.map(String).map((name) => ({
        name,
        load: () => loadImageBeside(name, flags, options),
      }));
      const enable = [
        ...(flags.against === undefined ? [] : ['image/regression']),
        ...(flags.structure === undefined ? [] : ['image/structure']),
      ];
      try {
        const { evidence, key } = flags;
        if (!evidence && !key) return await examine(context, { ...flags, enable }, 'image', inputs);
        const keys = await keysOf(key, config);
        const besides = await evidenceBeside(evidence ?? [], keys, options);
        const kinds = ['image', 'imageEvidence'] as const;
        const only = evidence ? undefined : { imageEvidence: [signatureRule] };
        return await examine(context, { ...flags, enable, only }, kinds, inputs, besides);
      } finally {
        await store?.close();
      }
    });
  }
}

const isImage = (target: Target): target is Image => target.kind === 'image';

/** Documents of files, and those that lie beside the images themselves. */
async function evidenceBeside(
  files: readonly string[],
  keys: readonly TrustedKey[],
  options: AttestationOptions,
) {
  const { attachedDocuments, loadDocuments } = await import(
    '../../validators/supply-chain/load.ts'
  );
  const { assign } = await import('../../validators/supply-chain/assign.ts');
  const documents = await loadDocuments(files, options.root);
  return async (targets: readonly Target[]) => {
    const images = targets.filter(isImage);
    const attached = await Promise.all(images.map((image) => attachedDocuments(image, options)));
    return assign([...documents, ...attached.flat()], images, keys);
  };
}

const signatureRule = 'supply-chain/signature';

/** Those that are named here, else those of the configuration. */
async function keysOf(files: readonly string[] | undefined, { value, root }: LoadedConfig) {
  const { keyFilesIn, loadKeys } = await import('../../validators/supply-chain/signing/keys.ts');
  return files ? loadKeys(files, process.cwd()) : loadKeys(keyFilesIn(value.rules.options), root);
}

/** Undefined for code that is not bundled, which may change without a name for it. */
async function layerStore(scan: boolean) {
  const { codeOfWorker, openLayerStore } = await import('../../validators/image/layer-store.ts');
  const { cacheFolder } = await import('../../core/cache-folder.ts');
  const code = await codeOfWorker();
  const folder = join(cacheFolder(process.env), 'images');
  return code === undefined ? undefined : openLayerStore({ folder, code, scan });
}

function platformOf(text: string | undefined): Platform | undefined {
  if (text === undefined) return undefined;
  const platform = parsePlatform(text);
  if (platform) return platform;
  throw new Fault('usage-invalid', `--platform ${text}: it is not OS/ARCH, such as linux/arm64`);
}
