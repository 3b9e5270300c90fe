import { z } from 'zod';
import { configSchema } from './schema.ts';

/** JSON Schema (2020-12) of deploycheck.yaml. */
export function configJsonSchema(): unknown {
  return {
    title: 'deploycheck.yaml',
    ...z.toJSONSchema(configSchema, { io: 'input' }),
  };
}
