import { z } from 'zod';

/** A mistake of the person who starts the process: shown as a message, without a stack. */
export class StartError extends Error {}

const reason = (wrong: string) => ({
  error: (issue: { readonly input: unknown }) => (issue.input === undefined ? 'is not set' : wrong),
});

const text = z.string(reason('is not text')).min(1, 'is empty');

const databaseSettings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, ...reason('is not a postgres:// URL') }),
});

const serverSettings = databaseSettings.extend({
  S3_ENDPOINT: z.url({ protocol: /^https?$/, ...reason('is not an http(s):// URL') }),
  S3_BUCKET: text,
  S3_ACCESS_KEY: text,
  S3_SECRET_KEY: text,
  S3_REGION: text,
  PORT: z.coerce.number('is not a number').int().min(0).max(65535).default(8080),
});

export type ServerSettings = Readonly<z.infer<typeof serverSettings>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** All problems at once, so that a broken deployment is repaired in one go. */
function read<T extends z.ZodType>(settings: T, env: Environment): z.infer<T> {
  const result = settings.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new StartError(`configuration: ${problems.join('; ')}`);
}

export const readServerSettings = (env: Environment): ServerSettings => read(serverSettings, env);

/** Migrations need no more than the database, so their Job needs no S3 credentials. */
export const readDatabaseUrl = (env: Environment): string =>
  read(databaseSettings, env).DATABASE_URL;
