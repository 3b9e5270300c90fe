import { Ajv, type AnySchema } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Schema } from '../pool-file.ts';
import { unmet } from './constraints.ts';

const small = fc.integer({ min: 0, max: 4 });
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', 'a', 'ab', 'abc', 'B1', '\u{1f600}\u{1f600}'),
    fc.integer({ min: -3, max: 6 }),
    fc.boolean(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }),
  ),
})).any;

const { schema } = fc.letrec<{ leaf: Schema; schema: Schema }>((tie) => ({
  leaf: fc.record(
    {
      enum: fc.uniqueArray(fc.constantFrom<unknown>('a', 'ab', 1, true), { minLength: 1 }),
      pattern: fc.constantFrom('^[a-z]+$', 'b', '^$', '[A-Z]\\d'),
      minimum: small,
      maximum: small,
      multipleOf: fc.constantFrom(1, 2, 3),
      minLength: small,
      maxLength: small,
      minItems: small,
      maxItems: small,
      minProperties: small,
      maxProperties: small,
      required: fc.uniqueArray(fc.constantFrom('a', 'b'), { minLength: 1 }),
      type: fc.constantFrom('string', 'integer', 'object', 'array', 'boolean'),
    },
    { requiredKeys: [] },
  ),
  schema: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.record({ items: tie('schema') }),
    fc.record({ properties: fc.record({ a: tie('schema'), b: tie('schema') }) }),
    fc.record({ additionalProperties: tie('schema') }),
    fc.record({ not: tie('schema') }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

it('demands what a JSON Schema validator demands', () => {
  const counts = { fits: 0, not: 0 };
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 12, maxLength: 12 }), (one, given) => {
      // Below `allOf` every keyword counts, those of structure, too, which the walker sees to elsewhere.
      const whole: Schema = { allOf: [one] };
      const oracle = new Ajv({ strict: false }).compile(asJsonSchema(whole));
      for (const each of given) {
        const accepted = unmet(each, whole).length === 0;
        counts[accepted ? 'fits' : 'not'] += 1;
        expect(accepted).toBe(oracle(each));
      }
    }),
    { numRuns: 150, seed: 2 },
  );
  expect(Math.min(counts.fits, counts.not)).toBeGreaterThan(150);
});

function asJsonSchema(one: Schema): AnySchema {
  return JSON.parse(JSON.stringify(one));
}

it.each([
  [{ minimum: 1, exclusiveMinimum: true }, 1, ['be more than 1']],
  [{ maximum: 1, exclusiveMaximum: true }, 1, ['be less than 1']],
  [{ maximum: 1, exclusiveMaximum: false }, 1, []],
  [{ pattern: '\\A[\\-a-z]+\\z' }, 'a-b', []],
  [{ pattern: '^\\_\\p{L}$' }, '_x', []],
  [{ pattern: '^(?P<name>a)$' }, 'b', []],
])('reads %j', (one, given, expected) => {
  expect(unmet(given, one)).toEqual(expected);
});
