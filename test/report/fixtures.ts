import { fixtures } from '../../src/report/fixtures/all.ts';
import type { ReportFormat, ReportOptions } from '../../src/report/format.ts';
import { format as github } from '../../src/report/github/index.ts';
import { format as html } from '../../src/report/html/index.ts';
import { format as json } from '../../src/report/json/index.ts';
import { format as junit } from '../../src/report/junit/index.ts';
import { format as markdown } from '../../src/report/markdown/index.ts';
import { format as sarif } from '../../src/report/sarif/index.ts';
import { format as text } from '../../src/report/text/index.ts';

export const formats: readonly ReportFormat[] = [github, html, json, junit, markdown, sarif, text];

export const options: ReportOptions = {
  color: false,
  width: 100,
  verbose: false,
  rules: [
    {
      id: 'manifest/probe-port',
      title: 'Probes ask a port that the container has',
      severity: 'error',
      why: 'A probe on a port that is not there never succeeds, and the roll-out stops.',
      remediation: 'Use a port number, or a declared name.',
      references: ['https://kubernetes.io/docs/concepts/workloads/pods/probes/'],
      page: 'https://example.com/rules/manifest/probe-port',
    },
    {
      id: 'manifest/budget',
      title: 'A budget selects the pods',
      severity: 'error',
      why: 'A drain may take every pod at once.',
      remediation: 'Add a PodDisruptionBudget.',
      references: [],
      page: 'docs/rules/manifest/budget.md',
    },
  ],
};

/** Every format with every fixture, for `test.each`. */
export const cases = formats.flatMap((format) =>
  fixtures.map(([name, record]) => ({ format, name, record })),
);
