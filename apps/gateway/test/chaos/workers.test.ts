import { expect, test } from 'vitest';
import { workers } from './runs/workers.ts';
import { playShort } from './short.ts';

test('two workers keep limits as exactly as one process, their journals are taken over, their figures are one page', async () => {
  const sizes = { workers: 2, calls: 100, room: 12, answerMs: 1200, streams: 12 };
  expect(await playShort(workers, sizes)).toEqual({ promises: 7, broken: [] });
}, 90_000);
