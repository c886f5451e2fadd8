import type { RequestRow } from '@crs/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { factsOf } from '../usage/index.ts';
import { requestRecord } from '../usage/records.fixture.ts';
import { readFilters } from './filters.ts';
import { type Missed, Watcher } from './watcher.ts';

let dropped = 0;
let isAllowed = true;
let gone: AbortController;
const noneMissed = (): Promise<Missed> => Promise.resolve({ entries: [], isWhole: true });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  dropped = 0;
  isAllowed = true;
  gone = new AbortController();
});
afterEach(() => {
  vi.useRealTimers();
});

function watcher(query = {}, isResumed = false): Watcher {
  const connection = {
    signal: gone.signal,
    lastEventId: null,
    isStillAllowed: () => Promise.resolve(isAllowed),
    drop: () => {
      dropped += 1;
    },
  };
  return new Watcher(
    readFilters(query),
    connection,
    { entryId: '5-0', isResumed },
    {
      rows: (ids) => Promise.resolve(ids.map((id) => ({ id }) as RequestRow)),
      heartbeatMs: 15_000,
    },
  );
}

async function next(events: AsyncGenerator<string>, afterMs = 0): Promise<string> {
  const piece = events.next();
  await vi.advanceTimersByTimeAsync(afterMs);
  return String((await piece).value);
}

const facts = (id: string, parts = {}) => factsOf(requestRecord({ id, ...parts }));

test('a piece that nobody takes for a minute drops its reader; one who waits for news is not dropped', async () => {
  const one = watcher();
  const events = one.events(noneMissed);
  expect(await next(events)).toContain('event: ready');
  await vi.advanceTimersByTimeAsync(59_000);
  one.dropIfStuck();
  expect(dropped).toBe(0);
  await vi.advanceTimersByTimeAsync(2000);
  one.dropIfStuck();
  expect(dropped).toBe(1);

  const other = watcher();
  const waiting = other.events(noneMissed);
  await next(waiting);
  const ping = waiting.next();
  await vi.advanceTimersByTimeAsync(14_000);
  other.dropIfStuck();
  await vi.advanceTimersByTimeAsync(1000);
  expect(String((await ping).value)).toBe('id: 5-0\nevent: ping\ndata: {}\n\n');
  expect(dropped).toBe(1);
});

test('what was missed comes before what is told meanwhile, and nothing twice', async () => {
  const one = watcher({}, true);
  const events = one.events(() => {
    one.tell('7-0', [facts('seven')]);
    one.tell('8-0', [facts('eight')]);
    const entries = [
      { entryId: '6-0', ended: [facts('six')] },
      { entryId: '7-0', ended: [facts('seven')] },
    ];
    return Promise.resolve({ entries, isWhole: false });
  });
  await next(events);
  const text = await next(events, 300);
  expect(text).toMatch(/^id: 8-0\nevent: requests\n/);
  expect(JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '')).toEqual({
    items: [{ id: 'six' }, { id: 'seven' }, { id: 'eight' }],
    skipped: 1,
  });
  one.tell('8-0', [facts('eight')]);
  expect(await next(events, 15_000)).toContain('event: ping');
});

test('only what fits the filters wakes a reader', async () => {
  const one = watcher({ status: '5xx' });
  const events = one.events(noneMissed);
  await next(events);
  one.tell('6-0', [facts('fine'), facts('broken', { status: 503 })]);
  expect(await next(events, 300)).toContain('{"items":[{"id":"broken"}],"skipped":0}');
  one.tell('7-0', [facts('fine again')]);
  expect(await next(events, 15_000)).toBe('id: 7-0\nevent: ping\ndata: {}\n\n');
});

test('a session that has ended ends the stream with a word, and so does the gateway', async () => {
  const one = watcher();
  const events = one.events(noneMissed);
  await next(events);
  isAllowed = false;
  expect(await next(events, 15_000)).toContain('event: end\ndata: {"reason":"session-ended"}');
  expect((await events.next()).done).toBe(true);

  const other = watcher();
  const others = other.events(noneMissed);
  await next(others);
  const last = others.next();
  other.end('shutting-down');
  expect(String((await last).value)).toContain('{"reason":"shutting-down"}');
});

test('a reader who has left ends it at once', async () => {
  const one = watcher();
  const events = one.events(noneMissed);
  await next(events);
  const last = events.next();
  gone.abort();
  expect((await last).done).toBe(true);
});
