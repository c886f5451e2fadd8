import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFollower, readLine } from './log-follower.ts';

test('a JSON line becomes one short human line with its level and the error it carries', () => {
  expect(readLine('{"level":40,"msg":"account cools down"}')).toEqual({
    level: 40,
    human: 'warning: account cools down',
  });
  expect(readLine('{"level":50,"msg":"settle failed","err":{"message":"Redis is gone"}}').human).toBe(
    'error: settle failed: Redis is gone',
  );
});

test('output that is not JSON, such as a crash, is shown as it stands', () => {
  expect(readLine('Error: boom')).toEqual({ level: 50, human: 'Error: boom' });
});

test('only new warnings and errors are shown, whole lines only, with characters cut between two writes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'relay log '));
  const path = join(dir, 'gateway.log');
  appendFileSync(path, '{"level":50,"msg":"from the last start"}\n');
  const shown: string[] = [];
  const follower = new LogFollower(path, false, (line) => shown.push(line));
  const line = Buffer.from('{"level":40,"msg":"密钥"}\n');
  appendFileSync(path, '{"level":30,"msg":"calm"}\n');
  appendFileSync(path, line.subarray(0, 21));
  expect(follower.lastLines()).toEqual(['info: calm']);
  appendFileSync(path, line.subarray(21));
  follower.close();
  expect(shown).toEqual(['warning: 密钥']);
  rmSync(dir, { recursive: true });
});
