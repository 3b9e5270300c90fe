import { describe, expect, it } from 'vitest';
import { firstPlaceOf, manifestField, placeOf } from './field-path.ts';

const value = {
  metadata: { labels: { 'a.b/c': 'x', a: { 'b/c': 'y' } }, annotations: { 'k[0].l': 'z' } },
  spec: {
    ports: [{ name: 'http' }, { port: 80 }],
    template: { spec: { containers: [{ name: 'a' }, { name: 'b', env: [{ value: 1 }] }] } },
  },
};

describe('placeOf', () => {
  it.each([
    ['spec.ports[0].name', ['spec', 'ports', 0, 'name'], true],
    ['spec.ports[1].name', ['spec', 'ports', 1, 'name'], false],
    ['spec.ports[7].name', ['spec', 'ports', 7], false],
    ['spec.selector.matchLabels', ['spec', 'selector'], false],
    ['metadata.labels.a.b/c', ['metadata', 'labels', 'a.b/c'], true],
    ['metadata.labels[a.b/c]', ['metadata', 'labels', 'a.b/c'], true],
    ['metadata.annotations[k[0].l]', ['metadata', 'annotations', 'k[0].l'], true],
    ['metadata.labels[none.such/key]', ['metadata', 'labels', 'none.such/key'], false],
    ['metadata.constructor', ['metadata', 'constructor'], false],
    ['', [], true],
    ['spec.ports[', ['spec', 'ports', ''], false],
  ])('reads %s', (field, path, found) => {
    expect(placeOf(field, value)).toEqual({ path, found });
  });
});

describe('firstPlaceOf', () => {
  it('takes the first item of a list that has the next step', () => {
    expect(firstPlaceOf('spec.template.spec.containers.env.value', value)).toEqual({
      path: ['spec', 'template', 'spec', 'containers', 1, 'env', 0, 'value'],
      found: true,
    });
  });

  it('ends at the first step that is not there', () => {
    expect(firstPlaceOf('spec.ports.protocol.x', value)).toEqual({
      path: ['spec', 'ports', 0, 'protocol'],
      found: false,
    });
  });
});

describe('manifestField', () => {
  it('finds the schema of a definition where v1 has it', () => {
    const definition = {
      spec: { versions: [{ schema: { openAPIV3Schema: { type: 'object' } } }] },
    };
    expect(
      manifestField('spec.validation.openAPIV3Schema.type', 'CustomResourceDefinition', definition),
    ).toBe('spec.versions[0].schema.openAPIV3Schema.type');
  });

  it('finds the target of autoscaling/v1', () => {
    const first = { spec: { targetCPUUtilizationPercentage: -1 } };
    expect(
      manifestField(
        'spec.metrics[0].resource.target.averageUtilization',
        'HorizontalPodAutoscaler',
        first,
      ),
    ).toBe('spec.targetCPUUtilizationPercentage');
  });

  it('leaves a path alone that the manifest has, and one that leads nowhere', () => {
    const second = { spec: { metrics: [{ resource: { target: { averageUtilization: 0 } } }] } };
    const field = 'spec.metrics[0].resource.target.averageUtilization';
    expect(manifestField(field, 'HorizontalPodAutoscaler', second)).toBe(field);
    expect(manifestField('spec.validation.x', 'CustomResourceDefinition', {})).toBe(
      'spec.validation.x',
    );
  });

  it('finds what the server keeps in the security context of a pod', () => {
    const pod = { spec: { hostNetwork: true, securityContext: {} } };
    expect(manifestField('spec.securityContext.hostNetwork', 'Pod', pod)).toBe('spec.hostNetwork');
  });
});
