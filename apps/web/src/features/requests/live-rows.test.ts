import type { RequestRow } from '@crs/shared';
import { expect, test } from 'vitest';
import { addNews, MOST_LIVE_ROWS, newestFirst, noLiveRows, showWaiting } from './live-rows';

const row = (number: number) =>
  ({ id: `req_${String(number).padStart(5, '0')}`, at: new Date(number * 1000).toISOString() }) as RequestRow;
const ids = (rows: readonly RequestRow[]) => rows.map(({ id }) => Number(id.slice(4)));

test('news stand at the top, newest first, each once', () => {
  const first = addNews(noLiveRows, { items: [row(1), row(3)], skipped: 0 }, false);
  const second = addNews(first, { items: [row(2), row(3)], skipped: 2 }, false);
  expect(ids(second.shown)).toEqual([3, 2, 1]);
  expect(second).toMatchObject({ waiting: [], skipped: 2 });
});

test('while the reader is further down they wait, and come when he wants them', () => {
  const shown = addNews(noLiveRows, { items: [row(1)], skipped: 0 }, false);
  const held = addNews(
    addNews(shown, { items: [row(2)], skipped: 0 }, true),
    { items: [row(3)], skipped: 0 },
    true,
  );
  expect(ids(held.shown)).toEqual([1]);
  expect(ids(held.waiting)).toEqual([3, 2]);
  expect(ids(showWaiting(held).shown)).toEqual([3, 2, 1]);
  expect(ids(addNews(held, { items: [row(4)], skipped: 0 }, false).shown)).toEqual([4, 3, 2, 1]);
});

test('there are never more than a page can bear', () => {
  const many = Array.from({ length: 700 }, (_, number) => row(number));
  const rows = addNews(noLiveRows, { items: many, skipped: 0 }, false);
  expect(rows.shown).toHaveLength(MOST_LIVE_ROWS);
  expect(ids(rows.shown)[0]).toBe(699);
  expect(addNews(noLiveRows, { items: many, skipped: 0 }, true).waiting).toHaveLength(MOST_LIVE_ROWS);
});

test('a row that both lists have stands once', () => {
  expect(ids(newestFirst([row(5), row(4)], [row(4), row(3)]))).toEqual([5, 4, 3]);
});
