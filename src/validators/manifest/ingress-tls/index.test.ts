import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const ingress = (spec: string, metadata = 'name: web') =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
const rules = (...hosts: string[]) =>
  `rules: [${hosts.map((host) => `{host: "${host}"}`).join(', ')}]`;

it.each([
  ['no TLS', rules('a.example.com'), 'none', 7],
  ['no TLS of a backend for all', 'defaultBackend: {service: {name: a}}', 'none', 7],
  ['an empty list', 'tls: []', 'none', 13],
  [
    'a host left out',
    `tls: [{hosts: [b.example.com]}], ${rules('a.example.com')}`,
    'uncovered',
    56,
  ],
  [
    'two labels under a wildcard',
    `tls: [{hosts: ["*.example.com"]}], ${rules('a.b.example.com')}`,
    'uncovered',
    58,
  ],
])('finds %s', async (_, spec, messageId, column) => {
  expect((await examine(check, ingress(spec))).seen).toEqual([{ messageId, line: 4, column }]);
});

it.each([
  ['its host', `tls: [{hosts: [A.example.com]}], ${rules('a.example.com')}`],
  ['a wildcard', `tls: [{hosts: ["*.example.com"]}], ${rules('a.example.com', '*.example.com')}`],
  ['an entry for all', `tls: [{secretName: s}], ${rules('a.example.com')}`],
  ['a rule for all hosts', 'tls: [{hosts: [a.example.com]}], rules: [{http: {}}]'],
])('is silent for %s', async (_, spec) => {
  expect((await examine(check, ingress(spec))).outcome).toBe('pass');
});

it.each([
  [
    'an annotation',
    ingress('', 'name: web, annotations: {networking.gke.io/managed-certificates: c}'),
  ],
  ['a class', ingress('ingressClassName: alb')],
  ['the class of old', ingress('', 'name: web, annotations: {kubernetes.io/ingress.class: gce}')],
])('does not know what %s brings', async (_, text) => {
  const { outcome, notExamined } = await examine(check, text);
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual(['TLS of Ingress web']);
});
