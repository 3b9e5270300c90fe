import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../http.ts';
import type { Part } from '../part.ts';

/** Scrapes what a test writes into the folder of targets, and evaluates the rules it writes there. */
export const prometheus: Part = {
  name: 'prometheus',
  title: 'Prometheus',
  variable: 'DEPLOYCHECK_TEST_PROMETHEUS',
  programs: [{ program: 'prometheus', package: 'prometheus' }],
  ports: ['prometheus'],
  async start({ bed, folder, spawn, ready }) {
    const address = `127.0.0.1:${bed.ports.prometheus}`;
    const targets = join(folder, 'targets');
    await mkdir(targets);
    const config = join(folder, 'prometheus.yml');
    const text = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(targets, '*.rules.json')],
      scrape_configs: [
        {
          job_name: 'testbed',
          file_sd_configs: [{ files: [join(targets, '*.targets.json')], refresh_interval: '1s' }],
        },
      ],
    };
    await writeFile(config, JSON.stringify(text));
    const server = await spawn('prometheus', [
      'prometheus',
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-lifecycle',
      '--log.level=warn',
    ]);
    await ready('prometheus', server, () => answers(`http://${address}/-/ready`));
    return {
      DEPLOYCHECK_TEST_PROMETHEUS: `http://${address}`,
      DEPLOYCHECK_TEST_PROMETHEUS_TARGETS: targets,
    };
  },
};
