import type { CustomTypesConfig } from 'pg';
import type { Parameter, Value } from './postgres.ts';

/** Object identifiers of types, fixed in PostgreSQL's pg_type.dat. */
const oids = { bool: 16, int2: 21, int4: 23, oid: 26 } as const;

const fromText = new Map<number, (text: string) => Value>([
  [oids.bool, (text) => text === 't'],
  [oids.int2, Number],
  [oids.int4, Number],
  [oids.oid, Number],
]);

/** Everything that JavaScript could not hold unchanged stays text. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid: number) => fromText.get(oid) ?? ((text: string) => text),
};

/** pg takes bytes as a Buffer; its own conversion of the rest is the one we want. */
export const toWire = (parameters: readonly Parameter[]): unknown[] =>
  parameters.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
