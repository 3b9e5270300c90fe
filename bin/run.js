#!/usr/bin/env node
// This file is read by whatever Node is on PATH: nothing above the check may need a new one.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `deploycheck needs Node 24.15 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exit(2);
}

// An import statement would load every part of a builtin, streams included; this loads what is used.
const { readFileSync } = process.getBuiltinModule('node:fs');
const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === '--version') {
  const { name, version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
} else if (argv.length === 0 || (argv.length === 1 && ['--help', '-h', 'help'].includes(argv[0]))) {
  // oclif's own text, kept by the build: the list of commands is the same every time.
  process.stdout.write(readFileSync(new URL('../dist/help.txt', import.meta.url)));
} else {
  process.getBuiltinModule('node:module').enableCompileCache();
  const { main } = await import('../dist/main.js');
  await main(argv);
}
