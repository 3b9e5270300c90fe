type Fields = Readonly<Record<string, unknown>>;

/** One JSON object per line on stdout: what log collectors read without configuration. */
function write(level: 'info' | 'error', message: string, fields: Fields): void {
  const line = { time: new Date().toISOString(), level, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const logInfo = (message: string, fields: Fields = {}): void =>
  write('info', message, fields);

export const logError = (message: string, error: unknown, fields: Fields = {}): void =>
  write('error', message, { ...fields, error: error instanceof Error ? error.stack : error });
