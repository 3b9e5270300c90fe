import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { noGo } from '../../src/report/fixtures/no-go.ts';
import { outcome, record } from '../../src/report/fixtures/parts.ts';
import { pending } from '../../src/report/fixtures/pending.ts';
import { format } from '../../src/report/junit/index.ts';
import { hasTool } from '../systems/tools.ts';
import { options } from './fixtures.ts';

interface Parsed {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Parsed[];
}

/** A real XML parser, expat, by way of Python's standard library. */
const toJson = `
import json, sys
from xml.dom import minidom
def node(e):
    return {"tag": e.tagName, "attributes": dict(e.attributes.items()),
            "text": "".join(c.data for c in e.childNodes if c.nodeType == c.TEXT_NODE),
            "children": [node(c) for c in e.childNodes if c.nodeType == c.ELEMENT_NODE]}
json.dump(node(minidom.parseString(sys.stdin.buffer.read()).documentElement), sys.stdout)
`;

function parse(xml: string): Parsed {
  return JSON.parse(
    execFileSync('python3', ['-c', toJson], { input: xml, maxBuffer: 2 ** 26, encoding: 'utf8' }),
  );
}

const skip = !hasTool('python3');

function all(element: Parsed, tag: string): Parsed[] {
  const below = element.children.flatMap((child) => all(child, tag));
  return element.tag === tag ? [element, ...below] : below;
}

test.skipIf(skip).each(fixtures)('%s is well-formed, and its totals are true', (_, run) => {
  const root = parse(format.render(run, options));
  const tags = new Set([
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
    'error',
    'skipped',
    'system-out',
  ]);
  const used = (element: Parsed): string[] => [element.tag, ...element.children.flatMap(used)];
  expect(used(root).filter((tag) => !tags.has(tag))).toEqual([]);
  for (const group of [root, ...all(root, 'testsuite')]) {
    expect(group.attributes).toMatchObject({
      tests: String(all(group, 'testcase').length),
      failures: String(all(group, 'failure').length),
      errors: String(all(group, 'error').length),
      skipped: String(all(group, 'skipped').length),
    });
  }
});

function itemProblems(xml: string): Record<string, string> {
  const cases = all(parse(xml), 'testcase').filter(
    ({ attributes }) => attributes.classname === 'deploycheck.checklist',
  );
  return Object.fromEntries(
    cases.map(({ attributes, children }) => {
      const problem = children.find(({ tag }) => tag !== 'system-out');
      const said = problem ? `${problem.tag} ${problem.attributes.type}` : 'pass';
      return [attributes.name?.split(' ')[1]?.replace(':', '') ?? '', said];
    }),
  );
}

test.skipIf(skip)('every status of an item has its element', () => {
  expect(itemProblems(format.render(noGo, options))).toEqual({
    images: 'failure fail',
    provenance: 'pass',
    manifests: 'failure fail',
    resilience: 'pass',
    'least-privilege': 'pass',
    configuration: 'pass',
    performance: 'failure fail',
    migrations: 'skipped not-applicable',
    backups: 'error stale',
    simulation: 'error error',
    rollback: 'error pending',
    operations: 'error pending',
  });
});

test.skipIf(skip)('what is pending and critical never looks like a pass', () => {
  expect(itemProblems(format.render(pending, options))).toMatchObject({
    performance: 'skipped pending',
    rollback: 'error pending',
    operations: 'error pending',
  });
});

test.skipIf(skip)(
  'findings fail at error, are told at warning, and a waived one does not fail',
  () => {
    const cases = all(parse(format.render(noGo, options)), 'testcase');
    const named = (start: string) =>
      cases.find(({ attributes }) => attributes.name?.startsWith(start))?.children ?? [];
    expect(named('manifest/probe-port on k8s')).toMatchObject([
      { tag: 'failure', attributes: { message: expect.stringContaining('(and 1 more)') } },
    ]);
    expect(named('manifest/probe-port on k8s')[0]?.text).toContain('k8s/worker.yaml:38:19');
    expect(named('manifest/requests on k8s')).toMatchObject([{ tag: 'system-out' }]);
    expect(named('manifest/replicas on k8s')[0]).toMatchObject({
      tag: 'system-out',
      text: expect.stringContaining('waived by W-7'),
    });
    expect(named('runtime/start on')).toMatchObject([
      { tag: 'error', attributes: { type: 'cluster-unreachable' } },
    ]);
  },
);

test.skipIf(skip)('a finding without an outcome is still there', () => {
  const [finding] = noGo.findings;
  if (!finding) throw new Error('no finding');
  const stray = record({ findings: [finding], outcomes: [outcome('a/b', 'k8s')] });
  expect(all(parse(format.render(stray, options)), 'failure')).toHaveLength(1);
});
