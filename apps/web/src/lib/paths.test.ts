import { expect, test } from 'vitest';
import { safeNext, withQuery } from './paths';

test.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  'javascript:alert(1)',
  '/login/?next=/login/',
  '/',
])('sign-in never leads to %j', (next) => {
  expect(safeNext(next)).toBe('/dashboard/');
});

test('sign-in leads back to the same address', () => {
  expect(safeNext('/keys/?page=2&status=active')).toBe('/keys/?page=2&status=active');
});

test('queries leave out what is empty and escape the rest', () => {
  expect(withQuery('/login/', { next: '/keys/?page=2', other: undefined })).toBe(
    '/login/?next=%2Fkeys%2F%3Fpage%3D2',
  );
  expect(withQuery('/keys/', {})).toBe('/keys/');
});
