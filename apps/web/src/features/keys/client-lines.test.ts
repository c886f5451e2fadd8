import { expect, test } from 'vitest';
import { clientLines, offeredKinds } from './client-lines';
import { numberedName } from './numbered-name';

const settings = { origin: 'https://relay.example', secret: 'cr_1' };

test('a key is offered the clients of the services it may use', () => {
  expect(offeredKinds('all')).toEqual(['shell', 'powershell', 'settings', 'codex', 'gemini', 'curl']);
  expect(offeredKinds(['openai'])).toEqual(['codex']);
  expect(offeredKinds(['gemini', 'claude'])).not.toContain('codex');
});

test('Codex and Gemini CLI are led to their own addresses of this server', () => {
  expect(clientLines('codex', settings)).toContain('base_url = "https://relay.example/openai/v1"');
  expect(clientLines('codex', settings)).toContain("export RELAY_KEY='cr_1'");
  expect(clientLines('gemini', settings)).toContain("GOOGLE_GEMINI_BASE_URL='https://relay.example/gemini'");
  expect(clientLines('gemini', settings)).toContain('"selectedType":"gemini-api-key"');
});

test('names are numbered as the gateway does it', () => {
  expect(numberedName('team', 3)).toBe('team 3');
  expect(numberedName('team-{nnn}', 7)).toBe('team-007');
});
