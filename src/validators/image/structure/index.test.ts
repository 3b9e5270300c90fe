import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const config = {
  User: 'shop',
  WorkingDir: '/app',
  Env: ['PATH=/usr/bin', 'APP_HOME=/app', 'BUILT=2026-11-20'],
  Entrypoint: ['/app/server'],
  Cmd: ['--port', '8080'],
  ExposedPorts: { '8080/tcp': {} },
  Volumes: { '/data': {} },
  Labels: { vendor: 'Shop', built: '2026-11-20T10:00:00.000000' },
};
const layers = [
  [
    { path: 'app', type: 'directory', mode: '0755' },
    { path: 'app/server', mode: '4755', uid: 10, gid: 20, content: 'binary\n' },
    { path: 'app/settings.conf', content: 'level = info\nport = 8080\n' },
    { path: 'tmp', type: 'directory', mode: '1777' },
    { path: 'app/current', type: 'symlink', linkname: 'nowhere' },
    { path: 'app/empty', content: '' },
  ],
];
const tests = (text: string) =>
  saidOf(check, { config, layers, structure: `schemaVersion: "2.0.0"\n${text}` });

it.each<[string, string, readonly string[]]>([
  [
    'files that are there',
    `fileExistenceTests:
- name: 'server'
  path: '/app/server'
  shouldExist: true
  permissions: 'urwxr-xr-x'
  uid: 10
  gid: 20
  isExecutableBy: 'group'
- {name: root, path: /, permissions: drwxr-xr-x}
- {name: temporary, path: /tmp, permissions: dtrwxrwxrwx}
- {name: link, path: /app/current, permissions: Lrwxr-xr-x}
- {name: variable, path: $APP_HOME/settings.conf, uid: 0}
- {name: braces, path: '\${APP_HOME}/settings.conf', gid: -1}
- {name: nothing, path: /root/.ssh, shouldExist: false}
`,
    [],
  ],
  [
    'files that are not as they should be',
    `fileExistenceTests:
- {name: a, path: /app/other}
- {name: b, path: /app/server, shouldExist: false}
- {name: c, path: /app/server, permissions: -rwxr-xr-x}
- {name: d, path: /app/server, uid: 0, gid: 0}
- {name: e, path: /app/settings.conf, isExecutableBy: any}
`,
    ['absent', 'present', 'different', 'different', 'different', 'not-executable'],
  ],
  [
    'contents that fit',
    `fileContentTests:
- name: 'settings'
  path: '/app/settings.conf'
  expectedContents: ['level = (info|warn)', '(?m)^port = \\d+$']
  excludedContents: ['(?i)DEBUG', '\\x00']
- {name: empty, path: /app/empty, expectedContents: ['^$'], excludedContents: ['.']}
`,
    [],
  ],
  [
    'contents that do not',
    `fileContentTests:
- {name: a, path: /app/settings.conf, expectedContents: ['level=info'], excludedContents: ['port']}
- {name: b, path: /app/other, expectedContents: ['x']}
- {name: c, path: /app, expectedContents: ['x']}
`,
    ['no-match', 'match', 'absent', 'absent'],
  ],
  [
    'settings that are as expected',
    `metadataTest:
  envVars:
    - {key: APP_HOME, value: /app}
    - {key: BUILT, value: '^\\d{4}-\\d{2}-\\d{2}$', isRegex: true}
  unboundEnvVars: [{key: DEBUG}]
  labels:
    - {key: vendor, value: Shop}
    - {key: built, value: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}$', isRegex: true}
  exposedPorts: ["8080"]
  unexposedPorts: [22]
  volumes: ["/data"]
  unmountedVolumes: ["/etc"]
  entrypoint: ["/app/server"]
  cmd: ["--port", "8080"]
  workdir: "/app"
  user: "shop"
`,
    [],
  ],
  [
    'settings that are not',
    `metadataTest:
  env: [{key: APP_HOME, value: /srv}]
  envVars: [{key: NONE, value: x}]
  unboundEnvVars: [{key: APP_HOME}]
  labels: [{key: vendor, value: '^A', isRegex: true}]
  exposedPorts: [9090]
  unexposedPorts: ["8080"]
  volumes: [/srv]
  unmountedVolumes: [/data]
  entrypoint: []
  cmd: [--port]
  workdir: /
  user: root
`,
    [
      ...['metadata', 'metadata', 'metadata', 'excluded', 'metadata', 'metadata', 'metadata'],
      ...['excluded', 'metadata', 'excluded', 'metadata', 'metadata'],
    ].sort(),
  ],
  [
    'what wants a container',
    `globalEnvVars: [{key: PATH, value: "/env/bin:$PATH"}]
containerRunOptions: {user: root}
commandTests:
- {name: version, command: /app/server, args: [--version], expectedOutput: ['2\\.']}
licenseTests: [{debian: true}]
`,
    ['not examined', 'not examined'],
  ],
  [
    'patterns that cannot be asked',
    `fileContentTests:
- {name: a, path: /app/settings.conf, expectedContents: ['(?U)a+']}
metadataTest: {labels: [{key: vendor, value: 'a(?i)b', isRegex: true}]}
`,
    ['not examined', 'not examined'],
  ],
])('reads %s', async (_, text, ids) => {
  const said = await tests(text);
  expect(ids.includes('excluded') ? [...said].sort() : said).toEqual(ids);
});

it('says nothing without tests', async () => {
  expect(await saidOf(check, {})).toEqual(['skipped']);
});
