import { describe, expect, test } from 'vitest';
import { keyDefaults, type KeyDocument } from './document.ts';
import { changed, differences } from './batch-change.ts';
import { numberedName } from './numbered-name.ts';
import { renewed } from './renewal.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');

describe('a renewal', () => {
  test('counts from the end where it lies ahead, and from now where it is over', () => {
    const ahead = { expiration: { at: '2026-03-05T00:00:00.000Z' } };
    const over = { expiration: { at: '2026-02-01T00:00:00.000Z' } };
    expect(renewed(ahead, { days: 2 }, null, nowMs)).toEqual({ at: '2026-03-07T00:00:00.000Z' });
    expect(renewed(over, { hours: 6 }, null, nowMs)).toEqual({ at: '2026-03-01T18:00:00.000Z' });
  });

  test('of a key that waits for its first use its life grows; of one that was used its end moves', () => {
    const trial = { expiration: { afterFirstUse: { days: 1 } } };
    expect(renewed(trial, { days: 7 }, null, nowMs)).toEqual({ afterFirstUse: { days: 8 } });
    expect(renewed(trial, { hours: 5 }, null, nowMs)).toEqual({ afterFirstUse: { hours: 29 } });
    expect(renewed(trial, { days: 7 }, nowMs, nowMs)).toEqual({ at: '2026-03-09T12:00:00.000Z' });
  });

  test('to a moment sets it, also of a key that never ends; by days there is nothing to renew', () => {
    const at = '2026-05-01T02:00:00+02:00';
    expect(renewed({ expiration: null }, { at }, null, nowMs)).toEqual({ at: '2026-05-01T00:00:00.000Z' });
    expect(() => renewed({ expiration: null }, { days: 1 }, null, nowMs)).toThrow('never ends');
  });
});

describe('a change of many', () => {
  const key: KeyDocument = {
    ...keyDefaults,
    id: 'k',
    name: 'k',
    tags: ['a', 'b'],
    budgets: [
      { every: 'day', usd: 5 },
      { every: 'week', usd: 20, models: ['claude-*'] },
    ],
    secretHash: '',
    previousSecret: null,
    hint: '',
    createdAt: '',
    updatedAt: '',
    deletedAt: null,
    deletedBy: null,
    version: 1,
  };
  const times = { activatedAtMs: null, nowMs };

  test('one budget changes and the others stay; null takes it away, a new one is added', () => {
    const dearer = changed(key, { setBudgets: [{ every: 'day', usd: 10 }] }, {}, times);
    expect(differences(key, dearer)).toEqual([
      { field: 'budgets', before: key.budgets, after: [{ every: 'day', usd: 10 }, key.budgets[1]] },
    ]);
    const other = changed(
      key,
      {
        setBudgets: [
          { every: 'week', models: ['claude-*'], usd: null },
          { every: 'month', usd: 100 },
        ],
      },
      {},
      times,
    );
    expect(other.budgets).toEqual([key.budgets[0], { every: 'month', usd: 100 }]);
  });

  test('tags are added and taken away; what is the same is no difference', () => {
    expect(changed(key, { addTags: ['b', 'c'], removeTags: ['a'] }, {}, times).tags).toEqual(['b', 'c']);
    expect(differences(key, changed(key, { addTags: ['a'] }, { enabled: true }, times))).toEqual([]);
  });

  test('more tags than a key may have are refused', () => {
    const addTags = Array.from({ length: 50 }, (_, index) => `t${index}`);
    expect(() => changed(key, { addTags }, {}, times)).toThrow('more than 50 tags');
  });
});

test.each([
  ['team', 3, 'team 3'],
  ['team-{n}', 12, 'team-12'],
  ['team-{nnn}-x', 7, 'team-007-x'],
])('%s is numbered %i as %s', (pattern, number, name) => {
  expect(numberedName(pattern, number)).toBe(name);
});
