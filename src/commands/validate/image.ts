import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, baselineFlags, failOnFlag, presetFlag, reportFlags } from '../base.ts';

export default class ValidateImage extends BaseCommand {
  static override summary = 'Check container images: integrity, user, secrets, will it start.';
  static override description =
    'Reads images of an engine, of a registry, of archives that `docker save` wrote, and OCI layouts as folder or archive. Every digest and diff-id is verified on the way, and no image is unpacked to disk. A name without a scheme is a path that exists, else an image of the engine, else one of the registry whose host it begins with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop:2.0.0',
    '<%= config.bin %> <%= command.id %> registry:registry.example.com/shop:2.0.0 --platform linux/arm64',
    '<%= config.bin %> <%= command.id %> oci:build/image',
    '<%= config.bin %> <%= command.id %> oci:build/image --evidence trivy.json --evidence bom.cdx.json',
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
      const { examineImages } = await import('../examining-images.ts');
      return examineImages(context, argv.map(String), flags);
    });
  }
}
