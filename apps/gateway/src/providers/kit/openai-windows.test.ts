import { expect, test } from 'vitest';
import { recordingsOf } from '../../../test/recordings.ts';
import { durationMs, exhaustedMs, planWindows, rateWindows } from './openai-windows.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');

test.each([
  ['6ms', 6],
  ['8.64s', 8640],
  ['1m30s', 90_000],
  ['1h2m3s', 3_723_000],
  ['2d', 172_800_000],
  ['2m59.56s', 179_560],
  ['26 seconds', 26_000],
  ['1 minute 2 seconds', 62_000],
  ['0s', 0],
  ['12', 12_000],
  ['0.5', 500],
  ['', null],
  ['soon', null],
  ['5 apples', null],
  ['-5', null],
  ['2026-11-21T05:00:00Z', null],
])('the duration %s is %s ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

test('windows of a key are those of the recorded answer', () => {
  const [recording] = recordingsOf('openai-chat-usage');
  const windows = rateWindows(recording?.sidecar.http.headers ?? {}, nowMs);
  expect(windows.map(({ name, resetsAtMs }) => [name, resetsAtMs])).toEqual([
    ['requests', nowMs + 6],
    ['tokens', nowMs + 45],
  ]);
  expect(windows[0]?.utilization).toBeCloseTo(1 / 10_000, 10);
  expect(windows[1]?.utilization).toBeCloseTo(1520 / 2_000_000, 10);
});

test('a host that tells what is left and not of how much says something only when nothing is', () => {
  expect(rateWindows({ 'x-ratelimit-remaining-requests': '99' }, nowMs)).toEqual([]);
  expect(rateWindows({ 'x-ratelimit-remaining-requests': '0' }, nowMs)).toEqual([
    { name: 'requests', utilization: 1, resetsAtMs: null },
  ]);
});

test('windows of a plan are called by their length, those of single models by their name too', () => {
  expect(
    planWindows(
      {
        'x-codex-plan-type': 'pro',
        'x-codex-primary-used-percent': '12.5',
        'x-codex-primary-window-minutes': '300',
        'x-codex-primary-reset-after-seconds': '3600',
        'x-codex-secondary-used-percent': '100',
        'x-codex-secondary-window-minutes': '10080',
        'x-codex-secondary-reset-at': String(nowMs / 1000 + 86_400),
        'x-codex-other-primary-used-percent': '3',
        'x-codex-other-primary-window-minutes': '90',
        'x-codex-credits-has-credits': 'False',
        'x-codex-credits-balance': '',
      },
      nowMs,
    ),
  ).toEqual([
    { name: '5h', utilization: 0.125, resetsAtMs: nowMs + 3_600_000 },
    { name: '7d', utilization: 1, resetsAtMs: nowMs + 86_400_000 },
    { name: 'other 90m', utilization: 0.03, resetsAtMs: null },
  ]);
});

test('a window that lasts no time is none', () => {
  const headers = { 'x-codex-secondary-used-percent': '0', 'x-codex-secondary-window-minutes': '0' };
  expect(planWindows(headers, nowMs)).toEqual([]);
});

test('what is not used up keeps nobody waiting', () => {
  const headers = {
    'x-ratelimit-limit-requests': '10',
    'x-ratelimit-remaining-requests': '1',
    'x-ratelimit-reset-requests': '1h',
  };
  expect(exhaustedMs(headers, nowMs)).toBeNull();
  expect(exhaustedMs({ ...headers, 'x-ratelimit-remaining-requests': '0' }, nowMs)).toBe(3_600_000);
});
