import { expect, test } from 'vitest';
import { matchScore } from './palette-match';

test('every word has to be there; lines that begin so come before words and middles', () => {
  expect(matchScore('Groups', 'pro')).toBe(0);
  expect(matchScore('Use theme: Dark', 'dark theme')).toBeGreaterThan(0);
  expect(matchScore('Keys', 'ke')).toBe(1);
  expect(matchScore('创建密钥', '密钥')).toBeGreaterThan(0);
  const byWord = matchScore('Create key', 'key');
  expect(byWord).toBeLessThan(matchScore('Keys', 'key'));
  expect(byWord).toBeGreaterThan(matchScore('Monkey', 'key'));
  expect(matchScore('仪表盘', 'dash', ['dashboard'])).toBeGreaterThan(0);
});
