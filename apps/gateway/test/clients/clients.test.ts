// The short form of `pnpm clients`, where it has fetched the clients: one of each, at home and abroad.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAsExpected, nameOf } from './case.ts';
import { commandLineCases } from './command-lines.ts';
import { sdkCases } from './sdks.ts';
import { openStage, type Stage } from './stage.ts';

const cache = fileURLToPath(new URL('../../../../.cache/clients', import.meta.url));
const wanted = new Set([
  'Claude Code, answer (bearer), served by claude-console',
  'Claude Code, tool turn, served by gemini-api',
  'Codex, answer, served by openai',
  'Codex, tool turn, served by claude-console',
  'Gemini CLI, answer, served by claude-console',
  '@anthropic-ai/sdk 1, tool turn (stream), served by openai',
  'openai 7 chat, answer (stream), served by claude-console',
  'openai 7 responses, tool turn (whole), served by claude-console',
  '@google/genai 3, answer (stream), served by claude-console',
]);
const cases = [...commandLineCases(cache), ...sdkCases(cache)]
  .filter((tried) => wanted.has(nameOf(tried)))
  .map((tried) => [nameOf(tried), tried] as const);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
});

test('every case named here exists', () => {
  expect(cases.map(([name]) => name).sort()).toEqual([...wanted].sort());
});

test.each(cases)('%s', { timeout: 60_000 }, async (_name, tried) => {
  const ran = await tried.run(await stage.by(tried.kind));
  expect(isAsExpected(tried, ran), ran.output.slice(-1500)).toBe(true);
});
