import type { CheckContext } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
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
  const fits = kubeVersions.length === 0 || kubeVersions.some((name) => isMinor(name, artefact));
  if (!fits && mode === 'auto') {
    const theirs = kubeVersions.join(', ');
    return nothing(`they are those of ${artefact.version}, not of ${theirs}`);
  }

  const answers = await answersFor(target, artefact, signal);
  const said = answers.some(({ verdict }) => verdict !== 'accepted')
    ? saidBySchema(await schemaViolations({ ...context, notExamined: () => {} }))
    : saidBySchema([]);
  return target.objects.flatMap((object, at) =>
    violationsOf(object, answers[at], { artefact, said, target, notExamined }),
  );
}

/** @param name `1.34`, `v1.34` or `1.34.4` */
function isMinor(name: string, { version }: Artefact): boolean {
  const minorOf = (text: string) => /^v?\d+\.(\d+)/.exec(text)?.[1];
  return minorOf(name) === minorOf(version);
}

async function answersFor(
  target: ManifestSet,
  artefact: Artefact,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const rules = startServerRules(artefact, { signal });
  const stop = () => void rules.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await rules.ask(knowledgeOf(target));
    return await rules.ask(target.objects.map((object) => requestOf(object, target)));
  } finally {
    signal.removeEventListener('abort', stop);
    await rules.close();
  }
}

/** What the module has to know before it judges: definitions first, then policies and what they refer to. */
function knowledgeOf({ objects }: ManifestSet): Request[] {
  const parameters = new Set(
    objects
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
      .map(({ value }) => recordAt(value, 'spec', 'paramKind'))
      .map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
  );
  const rank = ({ apiVersion, kind }: ManifestObject): number | undefined => {
    if (kind === 'CustomResourceDefinition') return 0;
    if (kind === 'Namespace' && apiVersion === 'v1') return 1;
    if (kind.startsWith('ValidatingAdmissionPolicy')) return 2;
    return parameters.has(`${apiVersion}/${kind}`) ? 3 : undefined;
  };
  return objects
    .flatMap((object) => {
      const order = rank(object);
      return order === undefined ? [] : [{ order, doc: object.value }];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ doc }) => ({ op: 'know', doc }));
}

function requestOf(object: ManifestObject, target: ManifestSet): Request {
  const ns = object.namespace ?? defaultNamespace;
  return { op: 'check', doc: object.value, ns, ...securityOf(ns, target) };
}

const securityLabel = 'pod-security.kubernetes.io/enforce';

/** The level that a namespace of the set holds its pods to. */
function securityOf(
  namespace: string,
  { objects }: ManifestSet,
): { readonly security?: string; readonly securityVersion?: string } {
  const found = objects.find(({ kind, name }) => kind === 'Namespace' && name === namespace);
  const labels = stringsAt(found?.value, 'metadata', 'labels');
  const security = labels.get(securityLabel);
  if (!security || !['baseline', 'restricted'].includes(security)) return {};
  const securityVersion = labels.get(`${securityLabel}-version`);
  return { security, ...(securityVersion && { securityVersion }) };
}

interface Judging {
  readonly artefact: Artefact;
  readonly said: SaidBySchema;
  readonly target: ManifestSet;
  readonly notExamined: CheckContext<ManifestSet>['notExamined'];
}

function violationsOf(
  object: ManifestObject,
  answer: Answer | undefined,
  { artefact, said, target, notExamined }: Judging,
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
  const namespace = object.namespace ?? defaultNamespace;
  const level = securityOf(namespace, target).security ?? '';
  return draftsOf(object, answer, { version: artefact.version, said, namespace, level });
}
