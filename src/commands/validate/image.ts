import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, baselineFlags, failOnFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';

export default class ValidateImage extends BaseCommand {
  static override summary = 'Check container images: integrity, user, secrets, will it start.';
  static override description =
    'Reads OCI image layouts, as a folder or a tar archive, without an engine. Every digest and diff-id is verified on the way.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> oci:build/image',
    'docker save shop:2.0.0 -o shop.tar && <%= config.bin %> <%= command.id %> shop.tar --format json',
  ];
  static override strict = false;
  static override args = {
    references: Args.string({
      description: 'image layouts: oci:PATH, or the path alone',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...baselineFlags,
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateImage);
    await this.conduct(flags, async (context) => {
      const { createLayerCache, loadImage } = await import('../../validators/image/load.ts');
      const { signal } = context;
      const cache = createLayerCache();
      const inputs = argv.map(String).map((name) => ({
        name,
        load: () => loadImage(name, { root: process.cwd(), signal, cache }),
      }));
      return examine(context, flags, 'image', inputs);
    });
  }
}
