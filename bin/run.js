#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';

// This file is read by whatever Node is on PATH: nothing above the check may need a new one.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `deploycheck needs Node 24.15 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exit(2);
}

if (process.argv[2] === '--version' && process.argv.length === 3) {
  const { name, version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
} else {
  module.enableCompileCache();
  const { main } = await import('../dist/main.js');
  await main(process.argv.slice(2));
}
