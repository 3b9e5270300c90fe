import type { RunRecord } from '../../core/record.ts';
import { attribute } from '../attribution.ts';
import type { ReportFormat } from '../format.ts';
import { groupBy } from '../group.ts';
import { compareText } from '../order.ts';
import { type Case, itemCase, outcomeCase, strayCases } from './cases.ts';
import { element, type XmlElement, xmlLines } from './xml.ts';

/**
 * JUnit XML as Jenkins, GitLab and GitHub actions read it. A checklist gives one suite for each item,
 * with the item's own status; every run gives one suite for each family of checks, since a record does
 * not say which item a check served.
 */
export const format: ReportFormat = {
  name: 'junit',
  mediaType: 'application/xml',
  extension: 'xml',
  render(record) {
    const suites = suitesOf(record);
    const root = element(
      'testsuites',
      { name: `deploycheck ${record.command}`, ...totals(suites.flatMap((suite) => suite.cases)) },
      suites.map((suite) => suiteElement(suite, record.startedAt)),
    );
    return `${['<?xml version="1.0" encoding="UTF-8"?>', ...xmlLines(root)].join('\n')}\n`;
  },
};

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function suitesOf(record: RunRecord): Suite[] {
  const ofItems = record.items.map((item) => ({
    name: `item ${item.n} ${item.id}`,
    cases: [itemCase(item)],
  }));
  const attribution = attribute(record);
  const cases = [
    ...record.outcomes.map((outcome) => outcomeCase(attribution, outcome)),
    ...strayCases(attribution),
  ].sort((a, b) => compareText(a.classname, b.classname) || compareText(a.name, b.name));
  const families = groupBy(cases, (entry) => entry.classname.split('.')[1] ?? '');
  return [...ofItems, ...families.map(([family, members]) => ({ name: family, cases: members }))];
}

function suiteElement({ name, cases }: Suite, startedAt: string): XmlElement {
  // The attribute is a date and time without zone (XML Schema of the Ant JUnit task).
  const timestamp = startedAt.slice(0, 19);
  return element('testsuite', { name, timestamp, ...totals(cases) }, cases.map(caseElement));
}

function totals(cases: readonly Case[]) {
  const count = (kind: string) => cases.filter(({ problem }) => problem?.element === kind).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function caseElement({ classname, name, durationMs, problem, notes }: Case): XmlElement {
  const children = [
    ...(problem
      ? [element(problem.element, { type: problem.type, message: problem.message }, problem.lines)]
      : []),
    ...(notes.length > 0 ? [element('system-out', {}, notes)] : []),
  ];
  return element('testcase', { classname, name, time: seconds(durationMs) }, children);
}
