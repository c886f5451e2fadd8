import { describe, expect, test } from 'vitest';
import { factsOf, type RequestRecord } from '../usage/index.ts';
import { requestRecord } from '../usage/records.fixture.ts';
import {
  codeOf,
  ColumnsBuilder,
  decodeColumns,
  encodeColumns,
  NO_FIRST_EVENT,
  outcomeOf,
  storedFields,
  wordFields,
} from './columns.ts';

function stored(records: readonly RequestRecord[], startMs: number): Map<string, Buffer> {
  const builder = new ColumnsBuilder(startMs);
  for (const record of records) builder.add(factsOf(record), record.atMs);
  return new Map(encodeColumns(builder.build()).map(([name, value]) => [name, Buffer.from(value)]));
}

describe('columns', () => {
  test.each([1, 300, 70_000])('of rows with %i different keys come back as they were', (count) => {
    const records = Array.from({ length: count }, (_, number) =>
      requestRecord({
        atMs: 1000 + number,
        keyId: `key-${number}`,
        userId: number % 2 === 0 ? null : 'user',
        outcome: number % 3 === 0 ? 'crashed' : 'ok',
        firstEventMs: number % 5 === 0 ? null : number,
        costNanoUsd: number * 1e6,
      }),
    );
    const bytes = stored(records, 1000);
    const fields = ['at', 'key', 'user', 'flags', 'first', 'cost', 'id'] as const;
    const columns = decodeColumns(
      1000,
      fields,
      storedFields(fields).map((name) => bytes.get(name) ?? null),
    );
    expect(columns?.count).toBe(count);
    const words = columns?.words('key');
    for (const row of [0, Math.floor(count / 2), count - 1]) {
      const record = records[row];
      if (record === undefined || words === undefined) throw new Error('no such row');
      expect(words.codes[row]).toBe(codeOf(words, record.keyId));
      expect(columns?.numbers('at')[row]).toBe(row);
      expect(columns?.numbers('cost')[row]).toBe(record.costNanoUsd);
      expect(columns?.numbers('first')[row]).toBe(record.firstEventMs ?? NO_FIRST_EVENT);
      expect(outcomeOf(columns?.numbers('flags')[row] ?? 0)).toBe(record.outcome);
      expect(columns?.ids?.[row]).toBe(record.id);
    }
    expect(words && codeOf(words, 'key')).toBeNull();
    expect(() => columns?.numbers('status')).toThrow('status');
  });

  test('a word is found whole, wherever it stands, the empty one as well', () => {
    const bytes = stored(
      ['b', 'ab', 'abc', 'a b', '', 'ü'].map((model) => requestRecord({ model })),
      0,
    );
    const columns = decodeColumns(
      0,
      wordFields,
      storedFields(wordFields).map((name) => bytes.get(name) ?? null),
    );
    const words = columns?.words('model');
    if (words === undefined) throw new Error('no models');
    expect(['b', 'ab', 'abc', 'a b', '', 'ü'].map((word) => codeOf(words, word))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(codeOf(words, 'c')).toBeNull();
    expect(codeOf(words, 'a')).toBeNull();
  });

  test('what lacks a column is none', () => {
    const bytes = stored([requestRecord({})], 0);
    bytes.delete('status');
    expect(
      decodeColumns(
        0,
        ['status'],
        storedFields(['status']).map((name) => bytes.get(name) ?? null),
      ),
    ).toBeNull();
  });
});
