import { expect, test } from 'vitest';
import { fieldName, leafNames, placeErrors } from './place-errors';

test('paths of the gateway become names of the form', () => {
  expect(['/body/models/list/0', 'body.name', '/name', 'name'].map(fieldName)).toEqual([
    'models.list.0',
    'name',
    'name',
    'name',
  ]);
});

test('an error goes to its control, one inside a list to the control of the list', () => {
  const known = leafNames({ name: '', models: { list: ['a'] }, enabled: true });
  const placed = placeErrors(
    [
      { path: '/name', message: 'taken' },
      { path: '/models/list/0', message: 'unknown model' },
    ],
    known,
  );
  expect(placed).toEqual({
    fields: [
      { name: 'name', message: 'taken' },
      { name: 'models.list', message: 'unknown model' },
    ],
    rest: [],
  });
});

test('an error without a control is not lost', () => {
  const { fields, rest } = placeErrors([{ path: '/secretField', message: 'unknown' }], new Set(['name']));
  expect(fields).toEqual([]);
  expect(rest).toEqual(['secretField: unknown']);
});
