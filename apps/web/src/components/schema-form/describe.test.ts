import { expect, test } from 'vitest';
import { describeSchema, initialValues, matchVariant, type SchemaVariant, toBody } from './describe';

function only(schema: Record<string, unknown>): SchemaVariant {
  const [variant] = describeSchema(schema);
  if (variant === undefined) throw new Error('no variant');
  return variant;
}

const settings = only({
  type: 'object',
  properties: {
    baseUrl: { type: 'string', format: 'uri', description: 'Where it is' },
    auth: { type: 'string', enum: ['x-api-key', 'bearer'], default: 'x-api-key' },
    retries: { type: 'integer', minimum: 0, maximum: 5 },
    verify: { type: 'boolean', default: true },
    regions: { type: 'array', items: { type: 'string' } },
    deployments: { type: 'object', additionalProperties: { type: 'string' } },
    until: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    kind: { const: 'fixed' },
    extra: { type: 'object', properties: { deep: { type: 'string' } } },
  },
  required: ['baseUrl', 'auth'],
});

test('every property becomes the field that fits it, and JSON where none does', () => {
  expect(settings.fields.map(({ name, kind }) => [name, kind])).toEqual([
    ['baseUrl', 'uri'],
    ['auth', 'enum'],
    ['retries', 'number'],
    ['verify', 'boolean'],
    ['regions', 'list'],
    ['deployments', 'map'],
    ['until', 'time'],
    ['note', 'string'],
    ['kind', 'constant'],
    ['extra', 'json'],
  ]);
});

test('a field with a default need not be filled', () => {
  expect(settings.fields.filter(({ required }) => required).map(({ name }) => name)).toEqual(['baseUrl']);
});

test('secrets are hidden whether the schema says so or only the name does', () => {
  const variant = only({
    properties: {
      pin: { type: 'string', format: 'password' },
      apiKey: { type: 'string' },
      sessionToken: { type: 'string' },
      secretAccessKey: { type: 'string' },
      accessKeyId: { type: 'string' },
    },
  });
  expect(variant.fields.map(({ kind }) => kind)).toEqual([
    'password',
    'password',
    'password',
    'password',
    'string',
  ]);
});

test('values go into the controls and come out as they were', () => {
  const present = {
    baseUrl: 'https://a.example',
    auth: 'bearer',
    retries: 3,
    verify: false,
    regions: ['eu'],
    deployments: { 'model-a': 'deployment-a' },
    kind: 'fixed',
    extra: { deep: 'x' },
  };
  const { body, invalid } = toBody(settings, initialValues(settings, present));
  expect(invalid).toEqual([]);
  expect(body).toEqual(present);
});

test('what was left empty is not sent; defaults and constants are', () => {
  expect(toBody(settings, initialValues(settings)).body).toEqual({
    auth: 'x-api-key',
    verify: true,
    kind: 'fixed',
  });
});

test('an edit takes away what was emptied, and never what is needed', () => {
  const values = { ...initialValues(settings), baseUrl: '', note: '', retries: '' };
  expect(toBody(settings, values, true).body).toMatchObject({ note: null, retries: null, auth: 'x-api-key' });
  expect(toBody(settings, values, true).body).not.toHaveProperty('baseUrl');
});

test('numbers and JSON that cannot be read are named', () => {
  const values = { ...initialValues(settings), retries: 'many', extra: '{' };
  expect(toBody(settings, values).invalid).toEqual(['retries', 'extra']);
});

test.each(['oneOf', 'anyOf'])('%s gives one way to fill the object per choice', (word) => {
  const variants = describeSchema({
    [word]: [
      { title: 'Key', properties: { apiKey: { type: 'string' } }, required: ['apiKey'] },
      { properties: { bearerToken: { type: 'string' } }, required: ['bearerToken'] },
    ],
  });
  expect(variants.map(({ title }) => title)).toEqual(['Key', 'bearerToken']);
  expect(matchVariant(variants, { bearerToken: 'x' })).toBe(1);
  expect(matchVariant(variants, {})).toBe(0);
});
