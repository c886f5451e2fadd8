import { expect, test } from 'vitest';
import { closedSchema } from './schema.ts';

test('objects are closed, and what the vendor does not know becomes a remark', () => {
  expect(
    closedSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      description: 'A person',
      properties: {
        age: { type: 'integer', minimum: 0 },
        mail: { type: 'string', format: 'email' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
        pet: { oneOf: [{ type: 'null' }, { $ref: '#/$defs/pet' }] },
      },
      required: ['age'],
      $defs: { pet: { type: 'object', properties: { name: { type: 'string' } } } },
    }),
  ).toEqual({
    type: 'object',
    description: 'A person',
    properties: {
      age: { type: 'integer', description: '{minimum: 0}' },
      mail: { type: 'string', format: 'email' },
      tags: { type: 'array', items: { type: 'string' }, description: '{minItems: 2}' },
      pet: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/pet' }] },
    },
    required: ['age'],
    $defs: {
      pet: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
    },
    additionalProperties: false,
  });
});

test.each([
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
  ['an object of anything', { type: 'object' }],
  ['an object that takes more', { type: 'object', properties: { a: {} }, additionalProperties: true }],
  ['a map inside', { type: 'object', properties: { a: { type: 'array', items: { type: 'object' } } } }],
  ['a schema of true', { type: 'object', properties: { a: true } }],
])('%s cannot be closed', (_name, schema) => {
  expect(closedSchema(schema)).toBeNull();
});
