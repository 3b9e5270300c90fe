import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { withoutValues } from '../../probe/variables.ts';
import { BaseCommand, durationFlag, failOnFlag, presetFlag, reportFlags } from '../base.ts';

const several = { multiple: true, multipleNonGreedy: true } as const;

export default class ValidateRuntime extends BaseCommand {
  static override summary =
    'Run images under ever tighter settings, and propose the tightest that works.';
  static override description =
    'Starts each image with the container engine, or as pods of a temporary namespace (--in-cluster), as it asks to be run, looks at its processes, ends it as a rollout does, and starts it again: read-only, without capabilities, as a user it does not know, without a network. Everything that is started is removed. What counts as started: its health check, what --ready names or, without either, that it still runs after --settle.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop:2.0.0 --env-from test.env --tmpfs /tmp --memory 128Mi',
    '<%= config.bin %> <%= command.id %> shop:2.0.0 --ready http:8080/healthz --proposal security.yaml',
    '<%= config.bin %> <%= command.id %> migrate:2.0.0 --ready exit --network shop_default',
    '<%= config.bin %> <%= command.id %> registry.example.com/shop:2.0.0 --in-cluster --context staging --tmpfs /tmp',
  ];
  static override strict = false;
  static override args = {
    images: Args.string({
      description:
        'references or ids of images of the engine; with --in-cluster, references that nodes can pull',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...presetFlag,
    command: Flags.string({
      description: "words, or a JSON list, in place of the image's entrypoint",
      helpValue: 'WORDS',
    }),
    args: Flags.string({
      description: "words, or a JSON list, in place of the image's arguments",
      helpValue: 'WORDS',
    }),
    env: Flags.string({
      ...several,
      description: 'a variable of the container; NAME alone takes it from here; repeatable',
      helpValue: 'NAME=VALUE',
    }),
    // `--env-file` would be taken by Node itself, which ends when there is no such file.
    'env-from': Flags.string({
      ...several,
      description: 'variables from a file, NAME=VALUE a line; repeatable',
      helpValue: 'FILE',
    }),
    tmpfs: Flags.string({
      ...several,
      description: 'an empty folder that it may write to; repeatable',
      helpValue: 'PATH',
    }),
    volume: Flags.string({
      ...several,
      description: 'a folder that outlives a container, for the second start; repeatable',
      helpValue: 'PATH',
    }),
    memory: Flags.string({
      description: 'the memory it is to start within, such as 128Mi; not tried when not given',
      helpValue: 'QUANTITY',
    }),
    network: Flags.string({
      description: 'network of the engine; its bridge when not given',
      helpValue: 'NAME',
    }),
    ready: Flags.string({
      description:
        'what shows that it has started: health, http:PORT/PATH, log:TEXT, exit or settled',
      helpValue: 'HOW',
    }),
    'ready-timeout': durationFlag({
      description: 'how long it may take to be ready; 1m when not given',
    }),
    settle: durationFlag({ description: 'how long it has to go on running; 3s when not given' }),
    grace: durationFlag({
      description: 'how long it may take to end on SIGTERM; 30s when not given',
    }),
    'in-cluster': Flags.boolean({
      description:
        'run it as pods of a temporary namespace instead, and prove the proposal at the level restricted',
    }),
    'allow-egress': Flags.string({
      ...several,
      description:
        'with --in-cluster: a place outside that its pods may reach: HOST[:PORT] or CIDR[:PORT]; repeatable',
      helpValue: 'PLACE',
    }),
    'canary-image': Flags.string({
      description:
        'with --in-cluster: image with sh, nc and cat, to look into containers without cat',
      helpValue: 'REF',
    }),
    'insecure-registry': Flags.string({
      ...several,
      description: 'with --in-cluster: a registry that is asked without TLS; repeatable',
      helpValue: 'HOST[:PORT]',
    }),
    context: Flags.string({
      description: 'with --in-cluster: context of the kubeconfig',
      helpValue: 'NAME',
    }),
    kubeconfig: Flags.string({
      description: 'with --in-cluster: kubeconfig file',
      helpValue: 'FILE',
    }),
    proposal: Flags.string({
      description: 'write the security context that was proven, as YAML',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateRuntime);
    // Whatever says what was run from here on, records and faults alike, says it without the values.
    this.argv = withoutValues(this.argv);
    await this.conduct(flags, async (context) => {
      const { runProbes } = await import('../probing.ts');
      return runProbes(context, flags, argv.map(String));
    });
  }
}
