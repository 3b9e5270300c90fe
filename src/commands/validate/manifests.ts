import { relative, resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { environmentNamed } from '../../config/environment.ts';
import { Fault } from '../../core/fault.ts';
import { BaseCommand, baselineFlags, failOnFlag, presetFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';
import { externalObjects } from '../external-objects.ts';
import { serverRulesFlags, serverRulesOf } from '../manifest-flags.ts';
import { boundYoungGeneration } from '../young-generation.ts';

export default class ValidateManifests extends BaseCommand {
  static override summary = 'Check Kubernetes manifests against schema, references and good sense.';
  static override description =
    'All files named belong to one release, so references between objects cross files. Nothing is sent anywhere unless --live is given: the schemas of the target version are part of deploycheck.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploy/',
    '<%= config.bin %> <%= command.id %> deploy/ --kube-version 1.35,1.36 --format sarif > manifests.sarif',
    '<%= config.bin %> <%= command.id %> ./chart --values production.yaml --set replicas=3',
    '<%= config.bin %> <%= command.id %> overlays/production',
    '<%= config.bin %> <%= command.id %> deploy/ --write-baseline known.json',
    '<%= config.bin %> <%= command.id %> deploy/ --live --env production',
    '<%= config.bin %> <%= command.id %> deploy/ --before ../released/deploy --pod-security restricted',
    '<%= config.bin %> <%= command.id %> deploy/ --fix --dry-run',
    'helm template ./chart | <%= config.bin %> <%= command.id %> -',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({
      description:
        'files, folders, patterns, folders of Helm charts and kustomizations, or - for standard input',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...presetFlag,
    ...baselineFlags,
    'kube-version': Flags.string({
      description:
        'Kubernetes minor version to be valid for, or several with commas between; those of the environment when not given, otherwise the newest known',
      helpValue: '1.35,1.36',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    crds: Flags.string({
      description:
        'file or folder of CustomResourceDefinitions that the cluster has from elsewhere, beside those of the configuration; repeatable',
      helpValue: 'PATH',
      multiple: true,
      multipleNonGreedy: true,
    }),
    before: Flags.string({
      description:
        'file, folder or chart that is deployed now: what it makes is updated, and fields that cannot change are found; repeatable',
      helpValue: 'PATH',
      multiple: true,
      multipleNonGreedy: true,
    }),
    env: Flags.string({ description: 'environment of deploycheck.yaml', helpValue: 'NAME' }),
    live: Flags.boolean({
      description:
        'look up what the manifests refer to and do not hold in the cluster of the environment; only reads',
    }),
    context: Flags.string({
      description: 'context of the kubeconfig for --live',
      helpValue: 'NAME',
      dependsOn: ['live'],
    }),
    kubeconfig: Flags.string({
      description: 'kubeconfig file for --live',
      helpValue: 'FILE',
      dependsOn: ['live'],
    }),
    values: Flags.string({
      description: 'values file for the charts named; may be given several times',
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    set: Flags.string({
      description: 'value for the charts named, as helm takes it; may be given several times',
      helpValue: 'PATH=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'release-name': Flags.string({ description: 'name of the Helm release', helpValue: 'NAME' }),
    namespace: Flags.string({
      char: 'n',
      description: 'namespace of the Helm release, and of what --live looks up',
      helpValue: 'NAME',
    }),
    ...serverRulesFlags,
    fix: Flags.boolean({
      description:
        'mend what can be mended without changing what is deployed, and report what is left',
    }),
    'dry-run': Flags.boolean({
      description: 'with --fix: print the changes as a patch, and write nothing',
      dependsOn: ['fix'],
    }),
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateManifests);
    // Of a large set most is kept to the end, and the young generation would grow with all of it.
    boundYoungGeneration();
    await this.conduct(flags, async (context) => {
      const { loadManifests } = await import('../../validators/manifest/load.ts');
      const { withBeside } = await import('../../validators/manifest/beside.ts');
      const { kubeTargetsOf } = await import('../../validators/manifest/kube-targets.ts');
      const { config, signal } = context;
      const environment = environmentNamed(config, flags.env);
      const kubeVersions = flags['kube-version'] ?? environment?.kubeVersions;
      const root = process.cwd();
      const configured = (paths: readonly string[] = []) =>
        paths.map((path) => relative(root, resolve(config.root, path)));
      const beside = {
        definitions: [...configured(config.value.manifests?.crds), ...(flags.crds ?? [])],
        policies: configured(config.value.rules.custom),
        before: flags.before ?? [],
      };
      const serverRules = serverRulesOf(flags, config.value);
      if (kubeVersions) await kubeTargetsOf({ kubeVersions });
      const paths = argv.map(String);
      const processes = await context.adapters.processes();
      const helm = {
        values: flags.values,
        set: settingsOf(flags.set ?? []),
        namespace: flags.namespace,
        release: flags['release-name'],
      };
      const load = async (instead?: ReadonlyMap<string, Uint8Array>) => {
        const { stdin } = process;
        const from = { root, signal, kubeVersions, processes, helm };
        const loaded = await loadManifests({
          ...from,
          paths,
          stdin,
          serverRules,
          ...(instead && { instead }),
        });
        const together = await withBeside(loaded, beside, from);
        const set = { ...together, external: externalObjects(config) };
        if (!flags.live) return set;
        const { withLiveObjects } = await import('../live-objects.ts');
        return withLiveObjects(context, flags, set);
      };
      const name = paths.join(' ');
      if (!flags.fix) return examine(context, flags, 'manifestSet', [{ name, load: () => load() }]);
      if (paths.includes('-')) {
        throw new Fault('usage-invalid', '--fix mends files, and `-` is none');
      }
      const { fixManifests } = await import('../fixing-manifests.ts');
      return fixManifests(context, flags, { name, root, load });
    });
  }
}

/** @throws Fault `usage-invalid` */
function settingsOf(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word): [string, string] => {
    const at = word.indexOf('=');
    if (at < 1) throw new Fault('usage-invalid', `--set ${word}: it has to be PATH=VALUE`);
    return [word.slice(0, at), word.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}
