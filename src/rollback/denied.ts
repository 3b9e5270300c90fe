import { Fault } from '../core/fault.ts';

/** What could be read, or why this user may not. */
export type Readable<T> =
  | { readonly value: T; readonly denied?: never }
  | { readonly value?: never; readonly denied: string };

/**
 * Nodes, classes and Secrets are often out of bounds for whoever rolls back. That must not stop the
 * plan; it leaves a hole in it, which the rules name.
 */
export async function ifAllowed<T>(read: () => Promise<T>): Promise<Readable<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Fault && error.code === 'cluster-denied') return { denied: error.message };
    throw error;
  }
}
