import { z } from 'zod';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { recordSchema } from '../src/core/record.ts';
import type { Generated } from './generated.ts';

export async function schemaFiles(): Promise<Generated[]> {
  const record = { title: 'deploycheck record', ...z.toJSONSchema(recordSchema) };
  return [
    { file: 'schemas/record.schema.json', text: pretty(record) },
    { file: 'schemas/config.schema.json', text: pretty(configJsonSchema()) },
  ];
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
