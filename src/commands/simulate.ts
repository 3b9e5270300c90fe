import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag, failOnFlag, reportFlags } from './base.ts';

export default class Simulate extends BaseCommand {
  static override summary =
    'Deploy the release into a temporary namespace, and say whether it works.';
  static override description =
    'The namespace takes after the target: Pod Security level, quotas, limit ranges. What would collide with production or reach it is rewritten, cluster-scoped objects are only dry-run. Events, logs and states are kept before everything is removed, and it is proved that nothing else was touched.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env production',
    '<%= config.bin %> <%= command.id %> deploy/ --context staging --namespace shop --secret shop-credentials=env-file:test.env',
    '<%= config.bin %> <%= command.id %> --diff-only   # dry run against the target; nothing is written',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({ description: 'manifests; those of deploycheck.yaml when not given' }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    'diff-only': Flags.boolean({ description: 'show what would change, and stop' }),
    soak: durationFlag({ description: 'how long ready pods are watched; 30s when not given' }),
    'ready-timeout': durationFlag({
      description: 'how long everything may take to be ready; 5m when not given',
    }),
    'clean-up-timeout': durationFlag({
      description: 'how long the removal may take; 2m when not given',
    }),
    secret: Flags.string({
      description:
        'a Secret for the sandbox: NAME=env-file:PATH, NAME=from-file:PATH, NAME=generate for random values, or NAME=copy[:KEY,…] from the target; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=SOURCE',
    }),
    'set-image': Flags.string({
      description: 'another image for the sandbox, by name without tag; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=REF',
    }),
    replicas: Flags.integer({
      description: 'at most so many pods of each workload; as many as it asks for when not given',
      min: 1,
    }),
    inspect: Flags.boolean({
      description:
        'look into a container of each workload, try it with tighter settings, and end it as a rollout does',
      allowNo: true,
    }),
    sequential: Flags.boolean({
      description: 'make one object after the other, each when the one before is ready',
      allowNo: true,
    }),
    'allow-egress': Flags.string({
      description:
        'a place outside that pods of the sandbox may reach: HOST[:PORT] or CIDR[:PORT]; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PLACE',
    }),
    'canary-image': Flags.string({
      description:
        'image with sh, nc and cat for a pod that tries whether the cluster keeps pods in, and to look into containers without cat',
      helpValue: 'REF',
    }),
    env: Flags.string({ description: 'environment of deploycheck.yaml', helpValue: 'NAME' }),
    context: Flags.string({ description: 'context of the kubeconfig', helpValue: 'NAME' }),
    kubeconfig: Flags.string({ description: 'kubeconfig file', helpValue: 'FILE' }),
    namespace: Flags.string({ char: 'n', description: 'namespace whose shape is taken' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Simulate);
    await this.conduct(flags, async (context) => {
      const { runSimulation } = await import('./simulating.ts');
      return runSimulation(context, { ...flags, paths: argv.map(String) });
    });
  }
}
