import type { CheckContext } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import { keyOf } from '../kind-key.ts';
import { compareVersions } from '../lifecycle.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { recordAt, stringsAt } from '../read.ts';
import { schemaViolations } from '../schema/violations.ts';
import type { Answer, Request } from './answers.ts';
import { type Artefact, findArtefact } from './artefact.ts';
import { draftsOf, type SaidBySchema, saidBySchema } from './drafts.ts';
import { startServerRules } from './host.ts';

const subject = 'the rules of the API server';

/** Where `kubectl` puts what names no namespace. */
const defaultNamespace = 'default';

/**
 * What a server of the target version would refuse or warn about.
 * @throws Fault `data-missing` when the module is damaged, or absent and asked for
 */
export async function serverViolations(context: CheckContext<ManifestSet>): Promise<Draft[]> {
  const { target, signal, notExamined } = context;
  const mode = target.serverRules ?? 'auto';
  const nothing = (why: string): Draft[] => {
    context.skip(`${subject}: ${why}`);
    return [];
  };
  if (mode === 'off') return nothing('turned off by --server-rules off');
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
  if (!fits && mode === 'auto') {
    const theirs = kubeVersions.join(', ');
    return nothing(`they are those of ${artefact.version}, not of ${theirs}`);
  }

  const held = levelsOf(target);
  const answers = await answersFor(target, held, artefact, signal);
  const said = answers.some(({ verdict }) => verdict !== 'accepted')
    ? saidBySchema(await schemaViolations({ ...context, notExamined: () => {} }))
    : saidBySchema([]);
  return target.objects.flatMap((object, at) =>
    violationsOf(object, answers[at], { artefact, said, held, notExamined }),
  );
}

async function answersFor(
  target: ManifestSet,
  held: Levels,
  artefact: Artefact,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const rules = startServerRules(artefact, { signal });
  try {
    await rules.ask(knowledgeOf(target));
    return await rules.ask(target.objects.map((object) => requestOf(object, held)));
  } finally {
    await rules.close();
  }
}

/** What the module has to know before it judges: definitions first, then policies and what they refer to. */
function knowledgeOf({ objects: own, definitions }: ManifestSet): Request[] {
  const objects = [...definitions, ...own];
  const parameters = new Set(
    objects
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
      .map(({ value }) => recordAt(value, 'spec', 'paramKind'))
      .map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
  );
  const rank = (object: ManifestObject): number | undefined => {
    const { apiVersion, kind } = object;
    if (kind === 'CustomResourceDefinition') return 0;
    if (kind === 'Namespace' && apiVersion === 'v1') return 1;
    if (kind.startsWith('ValidatingAdmissionPolicy')) return 2;
    return parameters.has(keyOf(object)) ? 3 : undefined;
  };
  return objects
    .flatMap((object) => {
      const order = rank(object);
      return order === undefined ? [] : [{ order, doc: object.value }];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ doc }) => ({ op: 'know', doc }));
}

const namespaceOf = ({ namespace }: ManifestObject): string => namespace ?? defaultNamespace;

function requestOf(object: ManifestObject, held: Levels): Request {
  const ns = namespaceOf(object);
  return { op: 'check', doc: object.value, ns, ...held.get(ns) };
}

interface Level {
  readonly security: string;
  readonly securityVersion?: string;
}

/** What the namespaces of a set hold their pods to. */
type Levels = ReadonlyMap<string, Level>;

const securityLabel = 'pod-security.kubernetes.io/enforce';

function levelsOf({ objects }: ManifestSet): Levels {
  const levels = new Map<string, Level | undefined>();
  for (const { kind, name, value } of objects) {
    // The first counts of those that are there twice, which is a finding of its own.
    if (kind === 'Namespace' && !levels.has(name)) levels.set(name, levelOf(value));
  }
  return new Map([...levels].flatMap(([name, level]) => (level ? [[name, level] as const] : [])));
}

function levelOf(namespace: ManifestObject['value']): Level | undefined {
  const labels = stringsAt(namespace, 'metadata', 'labels');
  const security = labels.get(securityLabel);
  if (!security || !['baseline', 'restricted'].includes(security)) return undefined;
  const securityVersion = labels.get(`${securityLabel}-version`);
  return { security, ...(securityVersion && { securityVersion }) };
}

interface Judging {
  readonly artefact: Artefact;
  readonly said: SaidBySchema;
  readonly held: Levels;
  readonly notExamined: CheckContext<ManifestSet>['notExamined'];
}

function violationsOf(
  object: ManifestObject,
  answer: Answer | undefined,
  { artefact, said, held, notExamined }: Judging,
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
  const level = held.get(namespace)?.security ?? '';
  return draftsOf(object, answer, { version: artefact.version, said, namespace, level });
}
