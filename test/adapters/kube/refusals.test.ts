import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, Written } from '../../../src/adapters/kube/kube.ts';
import type { KubeObject } from '../../../src/adapters/kube/object.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { accepted, configMap, configMaps, never, openAdmin, pod } from './setup.ts';

const bed = await systems('kubernetes', 'registry');

/** What the API server will not do is an answer, not an error. */
describe.skipIf(!bed)('refusals', () => {
  let home: TestNamespace;
  let kube: Kube;

  beforeAll(async () => {
    home = await createNamespace('refusals');
    kube = await openAdmin(bed, home.name);
  });
  afterAll(async () => {
    kube?.close();
    await home?.[Symbol.asyncDispose]();
  });

  /** The message kubectl prints for the same object, which names the same reason. */
  const kubectlSays = (object: KubeObject) =>
    kubectl(['create', '-f', '-'], JSON.stringify(object)).then(
      () => 'nothing',
      (error: Error) => error.message,
    );
  const refusal = (written: Written) => {
    if (written.outcome === 'ok') throw new Error('this was accepted');
    return written.status;
  };

  it('of an invalid object, with the fields', async () => {
    const wrong = pod(home.name, 'Not_A_Name', 'image', ['true']);
    const status = refusal(await kube.create(wrong, {}, never));
    expect(status).toMatchObject({
      code: 422,
      reason: 'Invalid',
      causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid' }],
    });
    expect(await kubectlSays(wrong)).toContain(status.message);
    const dry = await kube.apply(wrong, { dryRun: true }, never);
    expect(refusal(dry).code).toBe(422);
  });

  it('of fields of the wrong type, which server-side apply answers with 500', async () => {
    const wrong = { ...configMap(home.name, 'typed'), data: { number: 1 } };
    expect(refusal(await kube.apply(wrong, {}, never))).toMatchObject({
      code: 500,
      message: expect.stringContaining('.data.number: expected string'),
    });
    const noBase64 = { apiVersion: 'v1', kind: 'Secret', data: { a: '?' } };
    const secret = { ...noBase64, metadata: { name: 'typed', namespace: home.name } };
    expect(refusal(await kube.apply(secret, {}, never)).message).toContain('illegal base64');
  });

  it('of unknown fields when asked to be strict, and a warning when not', async () => {
    const unknown = { ...configMap(home.name, 'unknown'), colour: 'red' };
    const strict = await kube.create(unknown, { fieldValidation: 'Strict' }, never);
    expect(refusal(strict)).toMatchObject({ code: 400, reason: 'BadRequest' });
    const warned = accepted(await kube.create(unknown, { fieldValidation: 'Warn' }, never));
    expect(warned.warnings).toEqual(['unknown field "colour"']);
  });

  it('for want of quota', async () => {
    await kubectl(['-n', home.name, 'create', 'quota', 'few', '--hard=count/secrets=0']);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one too many' } };
    await expect
      .poll(() =>
        kubectl(['-n', home.name, 'get', 'quota', 'few', '-o', 'jsonpath={.status.hard}']),
      )
      .toContain('secrets');
    const object = { ...secret, metadata: { name: 'over-quota', namespace: home.name } };
    const status = refusal(await kube.create(object, {}, never));
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(status.message).toContain('exceeded quota: few');
    expect(await kubectlSays(object)).toContain(status.message);
    await kubectl(['-n', home.name, 'delete', 'quota', 'few']);
  });

  it('by Pod Security', async () => {
    await using strict = await createNamespace('refusals');
    const level = (mode: string) => `pod-security.kubernetes.io/${mode}=restricted`;
    const label = (...labels: string[]) => kubectl(['label', 'ns', strict.name, ...labels]);
    await label(level('enforce'));
    const object = pod(strict.name, 'lax', 'image', ['true']);
    const status = refusal(await kube.create(object, {}, never));
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(status.message).toMatch(/violates PodSecurity "restricted.*allowPrivilegeEscalation/);
    await label('pod-security.kubernetes.io/enforce-', level('warn'));
    const { warnings } = accepted(await kube.create(object, { dryRun: true }, never));
    expect(warnings).toEqual([expect.stringContaining('would violate PodSecurity')]);
  });

  it('of a field that another manager owns, until it is forced', async () => {
    const object = (value: string) => configMap(home.name, 'shared', { key: value });
    const input = JSON.stringify(object('theirs'));
    await kubectl(['apply', '--server-side', '--field-manager=other', '-f', '-'], input);
    const status = refusal(await kube.apply(object('ours'), {}, never));
    expect(status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      causes: [{ field: '.data.key', reason: 'FieldManagerConflict' }],
    });
    expect(status.message).toContain('"other"');
    const forced = await kube.apply(object('ours'), { force: true, fieldManager: 'mine' }, never);
    expect(accepted(forced).object).toMatchObject({ data: { key: 'ours' } });
    const managers = await kubectl([
      ...['-n', home.name, 'get', 'configmap', 'shared', '--show-managed-fields'],
      ...['-o', 'jsonpath={.metadata.managedFields[*].manager}'],
    ]);
    expect(managers).toBe('mine');
  });

  it('in a namespace that does not exist', async () => {
    const nowhere = configMap('no-such-namespace', 'one');
    expect(refusal(await kube.apply(nowhere, {}, never))).toMatchObject({ code: 404 });
  });

  it('by an admission policy', async () => {
    const name = home.name;
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['configmaps'],
            },
          ],
        },
        validations: [{ expression: "object.metadata.name != 'bad'", message: 'not this name' }],
      },
    };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } };
    const binding = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector },
      },
    };
    accepted(await kube.apply(policy, {}, never));
    accepted(await kube.apply(binding, {}, never));
    try {
      const attempt = () => kube.create(configMap(name, 'bad'), { dryRun: true }, never);
      await expect
        .poll(attempt, { timeout: 30_000 })
        .toMatchObject({ outcome: 'refused', status: { code: 422 } });
      expect(refusal(await attempt()).message).toContain('not this name');
    } finally {
      const { apiVersion } = policy;
      await kube.remove({ apiVersion, kind: binding.kind, name }, {}, never);
      await kube.remove({ apiVersion, kind: policy.kind, name }, {}, never);
    }
  });

  it('for want of rights, where a read is a fault', async () => {
    await kubectl(['-n', home.name, 'create', 'serviceaccount', 'least']);
    await kubectl(['-n', home.name, 'create', 'role', 'least', '--verb=get', '--resource=pods']);
    const account = `${home.name}:least`;
    await kubectl([
      ...['-n', home.name, 'create', 'rolebinding', 'least', '--role=least'],
      `--serviceaccount=${account}`,
    ]);
    const issued = accepted(await kube.token({ name: 'least' }, { expirationSeconds: 600 }, never));
    expect(Date.parse(issued.expires)).toBeGreaterThan(Date.now());
    const least = kube.asServiceAccount(issued.token);
    const user = `system:serviceaccount:${account}`;
    expect(least.target).toEqual({ ...kube.target, user });

    const questions = [
      { verb: 'get', resource: 'pods', namespace: home.name },
      { verb: 'get', resource: 'pods' },
      { verb: 'list', resource: 'pods', namespace: home.name },
      { verb: 'get', resource: 'deployments', group: 'apps', namespace: home.name },
      { verb: 'create', resource: 'pods', subresource: 'exec', namespace: home.name },
    ];
    for (const question of questions) {
      const { verb, resource, group, subresource, namespace } = question;
      const says = await kubectl([
        ...['auth', 'can-i', verb, group ? `${resource}.${group}` : resource, `--as=${user}`],
        ...(subresource ? [`--subresource=${subresource}`] : []),
        ...(namespace ? ['-n', namespace] : ['--all-namespaces']),
      ]).catch((error: Error) => error.message);
      expect(await least.can(question, never)).toMatchObject({ allowed: says.trim() === 'yes' });
    }
    expect(await least.can(questions[0] ?? { verb: '', resource: '' }, never)).toMatchObject({
      allowed: true,
    });

    expect(await least.get({ apiVersion: 'v1', kind: 'Pod', name: 'none' }, never)).toBeUndefined();
    const secret = { apiVersion: 'v1', kind: 'Secret', name: 'none' };
    const denied = await least.get(secret, never).catch((error: unknown) => error);
    expect(denied).toMatchObject({
      code: 'cluster-denied',
      message: expect.stringContaining(`cannot get resource "secrets"`),
    });
    expect(String(denied)).not.toContain(issued.token);
    const written = await least.apply(configMap(home.name, 'mine'), {}, never);
    expect(refusal(written)).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(await least.remove({ ...configMaps, name: 'shared' }, {}, never)).toMatchObject({
      status: { code: 403 },
    });
    least.close();
    const gone = await kube.token({ name: 'nobody' }, { expirationSeconds: 600 }, never);
    expect(gone).toMatchObject({ outcome: 'refused', status: { code: 404 } });
  });

  it('without the values of a Secret', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'leaky', namespace: home.name },
      stringData: { password: { inside: 'correct-horse-battery' }, pin: 82736451 },
    };
    // The server does quote them, so that there is something to hide.
    const quoted = await kubectl(
      ['apply', '--server-side', '-f', '-'],
      JSON.stringify(secret),
    ).catch((error: Error) => error.message);
    expect(quoted).toContain('correct-horse-battery');
    const { message } = refusal(await kube.apply(secret, {}, never));
    expect(message).toContain('.stringData.password: expected string');
    expect(message).not.toMatch(/correct-horse|82736451/);
  });
});
