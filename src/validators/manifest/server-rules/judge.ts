import type { CheckContext } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import { isPolicy } from '../beside.ts';
import { groupOf } from '../kind-key.ts';
import { compareVersions } from '../lifecycle.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { recordAt } from '../read.ts';
import { schemaViolations } from '../schema/violations.ts';
import type { Answer, Request } from './answers.ts';
import { type Artefact, findArtefact } from './artefact.ts';
import { draftsOf, policyDrafts, type SaidBySchema, saidBySchema } from './drafts.ts';
import type { ServerRules } from './host.ts';
import { knowledgeOf, unbound } from './knowledge.ts';
import { type LevelOf, levelsOf } from './levels.ts';

const subject = 'the rules of the API server';

/** Where `kubectl` puts what names no namespace. */
const defaultNamespace = 'default';

type Context = CheckContext<ManifestSet>;

/**
 * What a server of the target version would refuse or warn about, and what policies of one's own say.
 * @throws Fault `data-missing` when the module is damaged, or absent and asked for; `config-invalid` for a
 *   policy of one's own that a server would not take
 */
export async function serverViolations(context: Context): Promise<Draft[]> {
  const { target, signal, notExamined } = context;
  const mode = target.serverRules?.mode ?? 'auto';
  if (mode === 'off') return leftOut(context, 'turned off by --server-rules off');
  const artefact = await findArtefact();
  if (!artefact) {
    const why = 'this copy of deploycheck was installed without data/kubernetes/rules.wasm.br';
    if (mode === 'on') throw new Fault('data-missing', `${subject} were asked for, and ${why}`);
    notExamined(subject, why);
    return [];
  }
  const { kubeVersions } = target;
  const fits =
    kubeVersions.length === 0 ||
    kubeVersions.some((name) => compareVersions(name, artefact.version) === 0);
  const theirs = kubeVersions.join(', ');
  const unfit = `they are those of ${artefact.version}, not of ${theirs}`;
  const { startServerRules } = await import('./host.ts');
  const rules = startServerRules(artefact, { signal });
  try {
    if (fits || mode === 'on') return await judged(context, artefact, rules);
    // Policies are not the server's own: they hold whatever its version is.
    return target.policies.length > 0
      ? await judgedByPolicies(context, rules)
      : leftOut(context, unfit);
  } finally {
    await rules.close();
  }
}

/** Says that the rules do not count here. What was given to be held to by them is then not looked at. */
function leftOut({ target, skip, notExamined }: Context, why: string): Draft[] {
  if (target.policies.length > 0) notExamined('the policies of rules.custom', why);
  else skip(`${subject}: ${why}`);
  return [];
}

async function judged(
  { target, notExamined, ...context }: Context,
  artefact: Artefact,
  rules: ServerRules,
): Promise<Draft[]> {
  const levels = levelsOf(target);
  const answers = await answersFor({ target, notExamined }, levels, rules);
  const said = answers.some(({ verdict }) => verdict !== 'accepted')
    ? saidBySchema(await schemaViolations({ ...context, target, notExamined: () => {} }))
    : saidBySchema([]);
  return target.objects.flatMap((object, at) =>
    violationsOf(object, answers[at], { artefact, said, levels, notExamined }),
  );
}

async function judgedByPolicies(
  { target, notExamined }: Context,
  rules: ServerRules,
): Promise<Draft[]> {
  const answers = await answersFor({ target, notExamined }, () => undefined, rules);
  return target.objects.flatMap((object, at) => {
    const answer = answers[at];
    if (!answer) return [];
    for (const why of answer.notEvaluated) notExamined(`${object.kind} ${object.name}`, why);
    return policyDrafts(object, answer);
  });
}

/** An answer for each object of the set, in their order. */
async function answersFor(
  { target, notExamined }: Pick<Context, 'target' | 'notExamined'>,
  levels: LevelOf,
  rules: ServerRules,
): Promise<readonly Answer[]> {
  await rules.ask(knowledgeOf(target));
  await requireUsable(target, rules);
  for (const { name, value } of unbound(target)) {
    if (Object.keys(recordAt(value, 'spec', 'paramKind')).length === 0) continue;
    const why = 'it takes parameters, and no binding among the custom rules says which';
    notExamined(`ValidatingAdmissionPolicy ${name}`, why);
  }
  const before = new Map(target.before.map((object) => [identityOf(object), object]));
  const requests = target.objects.map((object) => {
    const old = before.get(identityOf(object));
    if (!old || old.apiVersion === object.apiVersion) return requestOf(object, old, levels);
    const why = `it was ${old.apiVersion} before, which is not converted`;
    notExamined(`the update of ${object.kind} ${object.name}`, why);
    return requestOf(object, undefined, levels);
  });
  const answers = await rules.ask(requests);
  return Promise.all(
    answers.map(async (answer, at) => {
      const request = requests[at];
      if (request?.op !== 'check' || !refusesBefore(answer)) return answer;
      // No server would have it, so there is nothing to update.
      const { doc, old: _, ...rest } = request;
      const object = target.objects[at];
      notExamined(`the update of ${object?.kind} ${object?.name}`, answer.message ?? '');
      const [created] = await rules.ask([{ ...rest, doc }]);
      return created ?? answer;
    }),
  );
}

const refusesBefore = ({ message = '' }: Answer): boolean =>
  message.includes('the manifest that was applied before is refused itself');

/** @throws Fault `config-invalid` for a policy or binding that a server would not take */
async function requireUsable({ policies }: ManifestSet, rules: ServerRules): Promise<void> {
  const own = policies.filter(
    (object) => isPolicy(object) || object.kind === 'ValidatingAdmissionPolicyBinding',
  );
  const answers = await rules.ask(
    own.map(({ value }): Request => ({ op: 'check', doc: value, ns: defaultNamespace })),
  );
  const wrong = own.flatMap((object, at) => {
    const answer = answers[at];
    if (answer?.verdict === 'accepted') return [];
    const { line, column } = object.locate(['metadata', 'name']);
    const place = `${object.file}:${line}:${column}`;
    return [`${place}: ${object.kind} ${object.name}: ${answer?.message ?? answer?.verdict}`];
  });
  if (wrong.length > 0) throw new Fault('config-invalid', `rules.custom: ${wrong.join('\n')}`);
}

const namespaceOf = ({ namespace }: ManifestObject): string => namespace ?? defaultNamespace;

/** What an update keeps: the version may change. */
const identityOf = (object: ManifestObject): string =>
  [groupOf(object.apiVersion), object.kind, namespaceOf(object), object.name].join(' ');

function requestOf(
  object: ManifestObject,
  before: ManifestObject | undefined,
  levels: LevelOf,
): Request {
  const ns = namespaceOf(object);
  const old = before && { old: before.value };
  return { op: 'check', doc: object.value, ...old, ns, ...levels(ns) };
}

interface Judging {
  readonly artefact: Artefact;
  readonly said: SaidBySchema;
  readonly levels: LevelOf;
  readonly notExamined: Context['notExamined'];
}

function violationsOf(
  object: ManifestObject,
  answer: Answer | undefined,
  { artefact, said, levels, notExamined }: Judging,
): readonly Draft[] {
  const what = `${object.kind} ${object.name}`;
  if (answer === undefined || answer.verdict === 'internal') {
    notExamined(what, `the rules of the API server ended on it: ${answer?.message ?? 'no answer'}`);
    return [];
  }
  if (answer.verdict === 'unknown-kind') {
    // The rule manifest/schema says so of the kinds that Kubernetes should have.
    if (!said.unknown.has(object)) notExamined(what, `the API server's rules: ${answer.message}`);
    return [];
  }
  for (const why of answer.notEvaluated) notExamined(what, why);
  const namespace = namespaceOf(object);
  const level = levels(namespace)?.security ?? '';
  return draftsOf(object, answer, { version: artefact.version, said, namespace, level });
}
