import { expect, test } from 'vitest';
import { everyPage } from './upstream';

test('pages are read until all entries are there', async () => {
  const asked: number[] = [];
  const all = Array.from({ length: 450 }, (_, index) => index);
  const items = await everyPage(async ({ page, pageSize }) => {
    asked.push(page);
    return { items: all.slice((page - 1) * pageSize, page * pageSize), total: all.length };
  });
  expect(items).toEqual(all);
  expect(asked).toEqual([1, 2, 3]);
});

test('entries that vanish meanwhile do not keep it waiting', async () => {
  expect(await everyPage(async () => ({ items: [], total: 5 }))).toEqual([]);
});
