import { describe, expect, it } from 'vitest';
import { deploymentWith, documents, podWith, setOf } from '../manifest/testing.ts';
import { examine, type Options } from './testing.ts';

const only = ['manifest/image-tag', 'manifest/host-namespaces', 'secret/in-manifests'];
const seen = (text: string, options: Options = {}) => examine(setOf(text), { only, ...options });

const latest = (text: string) => text.replaceAll(':1.4.2', ':latest');
const image = 'manifest/image-tag spec.containers[0].image';

describe('a comment', () => {
  const pod = latest(podWith('', 'hostPID: true'));
  const at = (line: number, comment: string) => pod.split('\n').toSpliced(line - 1, 0, comment);

  it('holds for the line that it ends', async () => {
    const text = pod.replace(':latest', ':latest # deploycheck-ignore manifest/image-tag -- old');
    const { suppressed, left, said } = await seen(text);
    expect(suppressed).toEqual([`${image} comment`]);
    expect(left).toEqual(['manifest/host-namespaces spec.hostPID']);
    expect(said).toEqual([]);
  });

  it('holds for the line below', async () => {
    const above = at(10, '      # deploycheck-ignore manifest/image-tag -- old').join('\n');
    expect((await seen(above)).suppressed).toEqual([`${image} comment`]);
  });

  it('holds for several rules, each by itself', async () => {
    const rules = 'manifest/image-tag, manifest/host-namespaces';
    const { suppressed, said } = await seen(
      at(10, `# deploycheck-ignore ${rules} -- old`).join('\n'),
    );
    expect(suppressed).toEqual([`${image} comment`]);
    expect(said).toEqual([
      'unused 10:1 the comment for manifest/host-namespaces suppresses nothing; remove it',
    ]);
  });

  it.each([
    ['above the first line', at(1, '# deploycheck-ignore manifest/host-namespaces -- old')],
    ['above the dashes', ['# deploycheck-ignore manifest/host-namespaces -- old', '---', pod]],
    [
      'at the end of the first line',
      [pod.replace('v1', 'v1 # deploycheck-ignore manifest/host-namespaces -- old')],
    ],
  ])('%s of an object holds for the object', async (_, lines) => {
    const { suppressed, left } = await seen(lines.join('\n'));
    expect(suppressed).toEqual(['manifest/host-namespaces spec.hostPID comment']);
    expect(left).toEqual([image]);
  });

  it('holds for no other object of the file', async () => {
    const comment = '# deploycheck-ignore manifest/image-tag -- old\n';
    const other = pod.replaceAll('web', 'db');
    const { suppressed, left } = await seen(documents(`${comment}${pod}`, other));
    expect(suppressed.length).toBe(1);
    expect(left.filter((line) => line === image).length).toBe(1);
  });

  it('holds for one item of a list', async () => {
    const item = (name: string) =>
      `  - apiVersion: v1\n    kind: Pod\n    metadata: {name: ${name}}\n    spec: {hostPID: true, containers: [{name: a, image: "a:1"}]}\n`;
    const comment = '  # deploycheck-ignore manifest/host-namespaces -- old\n';
    const text = `apiVersion: v1\nkind: List\nitems:\n${item('a')}${comment}${item('b')}`;
    const { run } = await seen(text);
    expect((run.suppressed ?? []).map(({ finding }) => finding.object?.name)).toEqual(['b']);
    expect(run.findings.map(({ object }) => object?.name)).toEqual(['a']);
  });

  it.each([
    ['two lines above', 9, ''],
    ['on another line', 7, ''],
    ['for a rule that is near', 10, 's'],
  ])('%s does not hold', async (_, line, more) => {
    const text = at(line, `# deploycheck-ignore manifest/image-tag${more} -- old`).join('\n');
    const { suppressed, said } = await seen(text);
    expect(suppressed).toEqual([]);
    expect(said).toEqual([
      more === ''
        ? `unused ${line}:1 the comment for manifest/image-tag suppresses nothing; remove it`
        : `unknown-rule ${line}:1 the comment is for manifest/image-tags, and there is no such rule; did you mean manifest/image-tag?`,
    ]);
  });

  it.each([
    ['manifest/image-tag', 'no-reason 10:1 the comment for manifest/image-tag gives no reason'],
    ['manifest/image-tag --', 'no-reason 10:1 the comment for manifest/image-tag gives no reason'],
    ['manifest/image-tag because', 'no-reason 10:1 the comment for manifest/image-tag gives no'],
    [
      'image-tag -- old',
      'unknown-rule 10:1 the comment is for image-tag, and there is no such rule; did you mean manifest/image-tag?',
    ],
    ['* -- old', 'unknown-rule 10:1 the comment is for *, and there is no such rule'],
    ['manifest/* -- old', 'unknown-rule 10:1 the comment is for manifest/*, and there is no such'],
    ['-- old', 'malformed 10:1 the comment cannot be read'],
    [
      'manifest/image-tag -- old until 2026-06-31',
      'bad-date 10:1 the comment for manifest/image-tag ends "until 2026-06-31", which is no day',
    ],
    [
      'manifest/image-tag -- old until 2026-06-29',
      'expired 10:1 the comment for manifest/image-tag ended with 2026-06-29',
    ],
    [
      'secret/in-manifests -- a test',
      'never 10:1 the comment is for secret/in-manifests, whose findings nothing can suppress',
    ],
    [
      'manifest/suppression -- quiet',
      'never 10:1 the comment is for manifest/suppression, whose findings nothing can suppress',
    ],
    [
      'image/labels -- old',
      'unknown-rule 10:1 the comment is for image/labels, and there is no such rule',
    ],
  ])('that says %j does not hold', async (words, message) => {
    const { suppressed, said } = await seen(at(10, `# deploycheck-ignore ${words}`).join('\n'));
    expect(suppressed).toEqual([]);
    expect(said.length).toBe(1);
    expect(said[0]?.slice(0, message.length)).toBe(message);
  });

  it('holds on its last day', async () => {
    const text = at(10, '# deploycheck-ignore manifest/image-tag -- old until 2026-06-30').join(
      '\n',
    );
    expect((await seen(text)).suppressed).toEqual([`${image} comment`]);
    expect((await seen(text, { now: '2026-07-01T00:00:00Z' })).suppressed).toEqual([]);
  });

  it('for a rule that was not run is not called unused', async () => {
    const text = at(10, '# deploycheck-ignore manifest/privileged -- old').join('\n');
    expect((await seen(text)).said).toEqual([]);
    const disabled = { rules: { disable: ['manifest/privileged'] } };
    expect((await examine(setOf(text), disabled)).said).toEqual([]);
    expect((await examine(setOf(text))).said.length).toBe(1);
  });

  it('does not hide a secret beside it', async () => {
    const text = podWith('env:\n  - name: DB_PASSWORD\n    value: vN9xQ2mK4pT7')
      .split('\n')
      .toSpliced(12, 0, '# deploycheck-ignore secret/in-manifests -- a test')
      .join('\n');
    const { suppressed, left, said } = await seen(text);
    expect(suppressed).toEqual([]);
    expect(left).toEqual(['secret/in-manifests spec.containers[0].env[0].value']);
    expect(said.map((line) => line.split(' ')[0])).toEqual(['never']);
  });
});

describe('an annotation', () => {
  const key = 'ignore.deploycheck.dev/manifest.image-tag';
  const deployment = (object: string, template: string) =>
    latest(deploymentWith('web'))
      .replace('  name: web\n', `  name: web\n  annotations: {${object}}\n`)
      .replace(
        '        app: web\n    spec:',
        `        app: web\n      annotations: {${template}}\n    spec:\n      hostPID: true`,
      );
  const tag = 'manifest/image-tag spec.template.spec.containers[0].image';

  it.each([
    ['the object', deployment(`${key}: old`, '')],
    ['the pod template', deployment('', `${key}: "old; until 2026-06-30"`)],
  ])('of %s holds', async (_, text) => {
    const { suppressed, left, said } = await seen(text);
    expect(suppressed).toEqual([`${tag} annotation`]);
    expect(left).toEqual(['manifest/host-namespaces spec.template.spec.hostPID']);
    expect(said).toEqual([]);
  });

  it('of a pod template holds within it alone', async () => {
    const text = deploymentWith('web', 'replicas: -1').replace(
      'app: web\n    spec:',
      'app: web\n      annotations:\n        ignore.deploycheck.dev/manifest.schema: old\n    spec:\n      hostIp: x',
    );
    const { suppressed, left } = await examine(setOf(text.replace('replicas: -1', 'replica: 1')), {
      only: ['manifest/schema'],
    });
    expect(suppressed).toEqual(['manifest/schema spec.template.spec.hostIp annotation']);
    expect(left).toEqual(['manifest/schema spec.replica']);
  });

  it.each([
    [`${key}: ""`, 'no-reason 5:17 the annotation ignore.deploycheck.dev/manifest.image-tag for'],
    [`${key}: true`, 'no-reason 5:17'],
    [`${key}: "until 2027-01-01"`, 'no-reason 5:17'],
    [`${key}: "x until 2027-13-01"`, 'bad-date 5:17'],
    [`${key}: "x until 2026-01-01"`, 'expired 5:17'],
    [
      `${key}s: x`,
      'unknown-rule 5:17 the annotation ignore.deploycheck.dev/manifest.image-tags is for manifest/image-tags, and there is no such rule; did you mean manifest/image-tag?',
    ],
    ['ignore.deploycheck.dev/all: x', 'unknown-rule 5:17'],
    ['ignore.deploycheck.dev/secret.in-manifests: x', 'never 5:17'],
  ])('%s does not hold', async (annotation, message) => {
    const { suppressed, said } = await seen(deployment(annotation, ''));
    expect(suppressed).toEqual([]);
    expect(said.map((line) => line.slice(0, message.length))).toEqual([message]);
  });

  it('that suppresses nothing is told with its place', async () => {
    const text = deployment('', `${key}: old`).replace(':latest', ':1.2.3');
    const { said, run } = await seen(text);
    expect(said).toEqual([
      `unused 14:21 the annotation ${key} for manifest/image-tag suppresses nothing; remove it`,
    ]);
    expect(run.outcomes.find(({ check }) => check === 'manifest/suppression')?.outcome).toBe(
      'findings',
    );
    const own = run.findings.find(({ check }) => check === 'manifest/suppression');
    expect([own?.severity, own?.object?.name]).toEqual(['warning', 'web']);
  });
});

describe('in a checklist', () => {
  it('what suppresses critical rules does not hold, which is one line', async () => {
    const comment = '# deploycheck-ignore manifest/image-tag, manifest/host-namespaces -- old\n';
    const text = `${comment}${latest(podWith('', 'hostPID: true'))}`;
    const { suppressed, left, said } = await seen(text, { checklist: true });
    expect([suppressed, left.length]).toEqual([[], 2]);
    expect(said).toEqual([
      'needs-waiver 1:1 what suppresses manifest/host-namespaces, manifest/image-tag does not hold in a checklist: critical rules want a signed waiver',
    ]);
  });

  it('what suppresses others holds', async () => {
    const text = podWith()
      .replace('apiVersion: v1', 'apiVersion: policy/v1beta1')
      .replace('kind: Pod', 'kind: PodDisruptionBudget');
    const comment = '# deploycheck-ignore manifest/deprecated-api -- goes with the cluster\n';
    const set = { ...setOf(`${comment}${text}`), kubeVersions: ['1.23'] };
    const { suppressed, said } = await examine(set, {
      only: ['manifest/deprecated-api'],
      checklist: true,
    });
    expect(suppressed).toEqual(['manifest/deprecated-api apiVersion comment']);
    expect(said).toEqual([]);
  });
});
