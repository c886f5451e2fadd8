import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, release } from './claim.ts';
import { isAlive, processMark } from './owner.ts';
import { Spool } from './spool.ts';

interface Begun {
  id: string;
}

let dir = '';
let delivered: string[] = [];
let isDown = false;
let problems: string[] = [];
let nowMs = 0;
let spools: Spool<Begun, string>[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'spool '));
  delivered = [];
  problems = [];
  isDown = false;
  nowMs = 1_000_000;
  spools = [];
});

afterEach(async () => {
  isDown = false;
  for (const spool of spools) await spool.end(1000);
  rmSync(dir, { recursive: true, force: true });
});

function open(segmentBytes?: number): Spool<Begun, string> {
  const spool = new Spool<Begun, string>({
    dir,
    parseOpen: (value) =>
      typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
        ? { id: value.id }
        : null,
    parseRow: (value) => (typeof value === 'string' ? value : null),
    idOf: ({ id }) => id,
    abandoned: ({ id }) => [`abandoned ${id}`],
    deliver: async (rows) => {
      if (isDown) throw new Error('down');
      await Promise.resolve();
      delivered.push(...rows);
    },
    onProblem: (message) => problems.push(message),
    now: () => nowMs,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  });
  spools.push(spool);
  return spool;
}

/** As a process left it that was killed: its number is no longer taken. */
function leaveBehind(lines: string): void {
  writeFileSync(join(dir, 'journal-999999999-1-000001.jsonl'), lines);
}

test('rows are delivered in order, and nothing is left on disk at the end', async () => {
  const spool = open();
  await spool.open({ id: 'a' });
  spool.close('a', ['1', '2']);
  spool.close(null, ['3']);
  expect(await spool.drain(2000)).toBe(true);
  expect(delivered).toEqual(['1', '2', '3']);
  await spool.end(1000);
  expect(readdirSync(dir)).toEqual([]);
});

function written(): string[] {
  return readdirSync(dir).flatMap((name) => readFileSync(join(dir, name), 'utf8').trim().split('\n'));
}

test('what is opened is on disk once that resolves, and those that open together share the wait', async () => {
  const spool = open();
  const opened = [spool.open({ id: 'a' }), spool.open({ id: 'b' })];
  await Promise.all(opened);
  expect(written()).toEqual(['{"open":{"id":"a"}}', '{"open":{"id":"b"}}']);
  expect(opened[0]).toBe(opened[1]);
  await spool.open({ id: 'c' });
  expect(written()).toHaveLength(3);
});

test('what is closed is on disk when the event loop turns, before its rows are delivered', async () => {
  isDown = true;
  const spool = open();
  await spool.open({ id: 'a' });
  spool.close('a', ['1']);
  spool.close(null, ['2']);
  await nextTurn();
  expect(written()).toEqual([
    '{"open":{"id":"a"}}',
    '{"close":"a","rows":["1"]}',
    '{"close":null,"rows":["2"]}',
  ]);
  expect(delivered).toEqual([]);
});

test('while the receiver is away rows wait, and come once it is back', async () => {
  isDown = true;
  const spool = open();
  spool.close(null, ['1']);
  expect(await spool.drain(100)).toBe(false);
  expect(spool.pending).toBe(1);
  expect(problems[0]).toContain('wait for delivery');
  isDown = false;
  await expect.poll(() => delivered, { timeout: 5000 }).toEqual(['1']);
});

test('what cannot be delivered before the end stays in the journal', async () => {
  isDown = true;
  const spool = open();
  spool.close(null, ['1']);
  await spool.end(50);
  expect(readdirSync(dir)).toHaveLength(1);
});

test('a dead process leaves undelivered rows and open things; both are taken over once', async () => {
  leaveBehind(
    [
      '{"open":{"id":"a"}}',
      '{"open":{"id":"b"}}',
      '{"close":"a","rows":["1"]}',
      '{"open":{"id":"c"}}',
      '{"close":null,"rows":["2"]}',
      '{"close":"c","ro',
    ].join('\n'),
  );
  const spool = open();
  expect(spool.recover()).toBe(2);
  await spool.drain(2000);
  expect(delivered.sort()).toEqual(['1', '2', 'abandoned b', 'abandoned c']);
  expect(open().recover()).toBe(0);
});

test('the journal of a living process is left alone', () => {
  const living = join(dir, `journal-${processMark(process.ppid)}-000001.jsonl`);
  writeFileSync(living, '{"open":{"id":"a"}}\n');
  expect(open().recover()).toBe(0);
  expect(readdirSync(dir)).toContain(living.split('/').at(-1));
});

test('a damaged journal does not stop the start', () => {
  leaveBehind('nonsense\n{"close":3}\n[]\n{"open":7}\n');
  expect(open().recover()).toBe(0);
  expect(problems).toEqual([]);
});

test('full segments are removed once delivered for a while, oldest first', async () => {
  const spool = open(50);
  await spool.open({ id: 'kept open' });
  for (let index = 0; index < 5; index += 1) {
    spool.close(null, [`row number ${index} of the test`]);
    await nextTurn();
  }
  await spool.drain(2000);
  nowMs += 60_000;
  spool.close(null, ['last']);
  await spool.drain(2000);
  // The first segment holds something open, so none behind it goes either.
  expect(readdirSync(dir).length).toBeGreaterThan(4);
  spool.close('kept open', ['closed']);
  await spool.drain(2000);
  nowMs += 60_000;
  spool.close(null, ['after']);
  await spool.drain(2000);
  expect(readdirSync(dir).length).toBeLessThanOrEqual(2);
});

test('replay delivers the last rows again', async () => {
  const spool = open();
  spool.close(null, ['1', '2']);
  await spool.drain(2000);
  spool.replay();
  await spool.drain(2000);
  expect(delivered).toEqual(['1', '2', '1', '2']);
});

test('a disk that cannot be written is reported, and the rows still arrive', async () => {
  const spool = open();
  rmSync(dir, { recursive: true });
  spool.close(null, ['1']);
  await spool.drain(2000);
  expect(delivered).toEqual(['1']);
  expect(problems).toContain('the journal cannot be written');
});

test('a process mark tells a living process from a gone one', () => {
  expect(isAlive(processMark(process.pid))).toBe(true);
  expect(isAlive(`${process.pid}-1`)).toBe(false);
  expect(isAlive('999999999-5')).toBe(false);
  expect(isAlive('nonsense')).toBe(false);
});

test('of several that start on one directory, one takes over what a dead process left', async () => {
  leaveBehind('{"open":{"id":"a"}}\n{"close":null,"rows":["1"]}\n');
  const living = processMark(process.ppid);
  expect(claim(dir, '999999999-1', living)).toBe(true);
  expect(open().recover()).toBe(0);
  release(dir, '999999999-1');
  const spool = open();
  expect([spool.recover(), open().recover()]).toEqual([1, 0]);
  await spool.drain(2000);
  expect(delivered.sort()).toEqual(['1', 'abandoned a']);
  expect(readdirSync(dir).filter((name) => name.startsWith('claim-'))).toEqual([]);
});

test('a claim whose holder died over it is taken over too, a fresh one without a name is not', () => {
  const mine = processMark(process.pid);
  expect(claim(dir, '999999999-1', '999999998-1')).toBe(true);
  expect(claim(dir, '999999999-1', mine)).toBe(true);
  expect(claim(dir, '999999999-1', mine)).toBe(true);
  expect(claim(dir, '999999999-1', processMark(process.ppid))).toBe(false);
  writeFileSync(join(dir, 'claim-999999999-2'), '');
  expect(claim(dir, '999999999-2', mine)).toBe(false);
  expect(readdirSync(dir).sort()).toEqual(['claim-999999999-1', 'claim-999999999-2']);
});
