import { readFile } from 'node:fs/promises';
import { matchesGlob } from 'node:path';
import { expect, it } from 'vitest';
import { scheduleObjects } from '../src/backup/schedule/cron-job.ts';
import { packageFile } from '../src/core/package-root.ts';
import { instructionsOf, labelsOf, textOf, textsOf } from './systems/dockerfile.ts';

const text = (path: string) => readFile(packageFile(path), 'utf8');
const [dockerfile, guide] = await Promise.all([
  text('image/Dockerfile'),
  text('docs/guides/backup.md'),
]);
const { name, version, bin, engines } = JSON.parse(await text('package.json'));

/** The pod of the backup job. */
function pod() {
  const [, cronJob] = scheduleObjects({
    ...{ name: 'backup', namespace: undefined, image: 'deploycheck', secret: 'backup' },
    ...{ timeZone: 'Etc/UTC', deadlineSeconds: 1, configuration: '', signers: undefined },
    volumeClaim: undefined,
    jobs: [{ suffix: '', cron: '0 0 * * *', args: [], retries: 0 }],
  });
  // What is judged is how the object looks as JSON.
  return JSON.parse(JSON.stringify(cronJob)).spec.jobTemplate.spec.template.spec;
}

it('has the user and the command of the pods that run it', () => {
  const { securityContext, containers } = pod();
  const { runAsUser, runAsGroup } = securityContext;
  expect(textOf(dockerfile, 'USER')).toBe(`${runAsUser}:${runAsGroup}`);
  const added = textsOf(dockerfile, 'RUN').flatMap(
    (line) => /useradd --uid (\d+)/.exec(line) ?? [],
  );
  expect(added[1]).toBe(`${runAsUser}`);
  expect(JSON.parse(textOf(dockerfile, 'ENTRYPOINT'))).toEqual(containers[0].command);
  expect(Object.keys(bin)).toEqual(containers[0].command);
});

it('copies what npm packs, and installs and removes that', () => {
  const [pattern = '', target] = textOf(dockerfile, 'COPY').split(' ');
  expect(matchesGlob(`${name}-${version}.tgz`, pattern)).toBe(true);
  const installing = textsOf(dockerfile, 'RUN').filter((line) => line.startsWith('npm install'));
  expect(installing).toEqual([expect.stringMatching(/^npm install --global .* && rm /)]);
  expect(installing[0]?.split(' ').filter((word) => word === `${target}${pattern}`)).toHaveLength(
    2,
  );
});

it('is based on a Node.js that deploycheck takes', () => {
  const [, major] = /^node:(\d+)-/.exec(textOf(dockerfile, 'FROM')) ?? [];
  expect(engines.node).toMatch(new RegExp(`^>=${major}\\.`));
});

it('is built as the guide and its own first lines say', () => {
  const needed = textsOf(dockerfile, 'ARG').filter((argument) => !argument.includes('='));
  const given = (of: string) => [...of.matchAll(/--build-arg (\w+)=/g)].map(([, key]) => key);
  expect(given(guide)).toEqual(needed);
  expect(given(dockerfile)).toEqual(needed);
  for (const place of [guide, dockerfile]) {
    expect(place).toContain('npm pack --pack-destination image\n');
    expect(place).toMatch(/docker build (?:.*\\\n)*.* image\n/);
  }
  const filled = Object.fromEntries(needed.map((argument) => [argument, `of ${argument}`]));
  expect(labelsOf(dockerfile, filled)).toEqual({
    'org.opencontainers.image.title': name,
    'org.opencontainers.image.version': 'of VERSION',
    'org.opencontainers.image.revision': 'of REVISION',
    'org.opencontainers.image.source': 'of SOURCE',
  });
});

it('reads a Dockerfile as Docker does, as far as this one goes', () => {
  const lines = ['# first', 'run a \\', '# between', ' && b', '', 'USER 1:1'];
  expect(instructionsOf(`${lines.join('\n')}\n`)).toEqual([
    { name: 'RUN', text: 'a  && b' },
    { name: 'USER', text: '1:1' },
  ]);
});
