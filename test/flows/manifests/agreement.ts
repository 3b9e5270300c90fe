import type { Kube, Written } from '../../../src/adapters/kube/kube.ts';
import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';
import type {
  Answer,
  ClusterSettings,
} from '../../../src/validators/manifest/server-rules/answers.ts';
import type { ServerRules } from '../../../src/validators/manifest/server-rules/host.ts';

/** What the bed's API server is started with; a dry run does not look at the range of node ports. */
export const bedSettings: ClusterSettings = {
  ipFamilies: ['IPv4'],
  serviceCIDRs: ['10.96.0.0/16'],
};

/** Refusals that come from what a cluster holds, not from the object; by what the server says. */
const stateful: readonly (readonly [string, RegExp])[] = [
  ['service-account', /error looking up service account/],
  [
    'priority-class',
    /no PriorityClass with name|the integer value of priority|the string value of PreemptionPolicy/i,
  ],
  ['runtime-class', /RuntimeClass|pod overhead/i],
  ['namespace', /namespaces "[^"]*" not found/],
  ['exists-already', /already exists/],
  ['address-taken', /provided IP is already allocated|provided port is already allocated/],
  ['priority-level', /unable to find PriorityLevel/],
];

export interface Comparison {
  readonly accepted: boolean;
  /** Name of the state that the refusal rests on, or empty. */
  readonly state: string;
  /** Empty when both say the same. */
  readonly problem: string;
  /** Whether the refused fields are the same, too. */
  readonly sameFields: boolean;
}

/** Sends the object to the server as a dry run, and to the module. */
export async function compared(
  object: NewKubeObject,
  { kube, rules, namespace }: { kube: Kube; rules: ServerRules; namespace: string },
): Promise<Comparison> {
  const signal = new AbortController().signal;
  const real = await kube.create(object, { dryRun: true, fieldValidation: 'Strict' }, signal);
  const [answer] = await rules.ask([{ op: 'check', doc: object, ns: namespace }]);
  return judge(real, answer);
}

function judge(real: Written, answer: Answer | undefined): Comparison {
  const accepted = real.outcome === 'ok';
  const ours = answer?.verdict === 'accepted';
  const said = accepted ? '' : `${real.status.code} ${real.status.message}`;
  const state = accepted ? '' : (stateful.find(([, pattern]) => pattern.test(said))?.[0] ?? '');
  const fieldsOf = (causes: readonly { readonly field: string }[]) =>
    causes
      .map(({ field }) => field)
      .sort()
      .join(' ');
  const sameFields =
    accepted ||
    real.status.code === 400 ||
    fieldsOf(real.status.causes) === fieldsOf(answer?.causes ?? []);
  const same = accepted === ours || (state !== '' && ours);
  const problem = same
    ? ''
    : `server: ${accepted ? 'takes it' : said}; module: ${answer?.verdict} ${answer?.message ?? ''}`;
  return { accepted, state, problem, sameFields };
}
