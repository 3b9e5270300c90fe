import { z } from 'zod';
import { durationPattern, externalPattern } from './patterns.ts';

export const duration = z
  .string()
  .regex(durationPattern, 'a duration such as 30s, 5m, 24h or 7d')
  .describe('a duration: 30s, 5m, 1h30m, 7d');

export const secretReference = z
  .string()
  .regex(/^(env|file):.+$/, 'env:NAME or file:PATH, never the value itself');

export const urlPath = z
  .string()
  .regex(/^\//, 'a path that starts with /')
  .describe('path of the endpoint');

export const externalObject = z
  .string()
  .regex(externalPattern, 'Kind/name or Kind/namespace/name, where * stands for any text');
