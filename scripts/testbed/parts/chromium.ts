import type { Part } from '../part.ts';
import { run } from '../sandbox.ts';

/** Nothing to start: a browser is started by the test that looks at a page. */
export const chromium: Part = {
  name: 'chromium',
  title: 'Chromium',
  variable: 'DEPLOYCHECK_TEST_CHROMIUM',
  programs: [{ program: 'chromium', package: 'chromium' }],
  async start() {
    const path = await run('sh', ['-c', 'command -v chromium']);
    return { DEPLOYCHECK_TEST_CHROMIUM: path.trim() };
  },
};
