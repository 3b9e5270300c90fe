import { z } from 'zod';
import { manifestSchema } from '../src/backup/set/manifest.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { recordSchema } from '../src/core/record.ts';
import type { Generated } from './generated.ts';

export async function schemaFiles(): Promise<Generated[]> {
  const record = { title: 'deploycheck record', ...z.toJSONSchema(recordSchema) };
  const backup = { title: 'manifest of a backup set', ...z.toJSONSchema(manifestSchema) };
  return [
    { file: 'schemas/record.schema.json', text: pretty(record) },
    { file: 'schemas/backup-manifest.schema.json', text: pretty(backup) },
    { file: 'schemas/config.schema.json', text: pretty(configJsonSchema()) },
  ];
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
