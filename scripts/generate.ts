import { apiPage } from './api-page.ts';
import { commandReference } from './command-reference.ts';
import { dockerfilePage } from './dockerfile-page.ts';
import { faultPage } from './fault-page.ts';
import { generate } from './generated.ts';
import { registryFiles } from './registries.ts';
import { rulePages } from './rule-pages.ts';
import { schemaFiles } from './schemas.ts';
import { secretShapesPage } from './secret-shapes-page.ts';

/** Everything that follows from the code; `--check` fails when any of it is stale. */
await generate(await registryFiles());
// These read the registries, so those have to be on disk first.
await generate([
  ...(await schemaFiles()),
  ...(await rulePages()),
  dockerfilePage(),
  faultPage(),
  secretShapesPage(),
  await apiPage(),
  await commandReference(),
]);
