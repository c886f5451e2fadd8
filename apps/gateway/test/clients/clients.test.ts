// The short form of `pnpm clients`, where it has fetched them: one of each, at home and abroad, and when things break.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameOf } from './case.ts';
import { clients } from './index.ts';
import { play } from './play.ts';
import { openStage, type Stage } from './stage.ts';

const cache = fileURLToPath(new URL('../../../../.cache/clients', import.meta.url));
const short = [
  'Claude Code: text (x-api-key), served by claude-console',
  'Claude Code: cut stream, served by claude-console',
  'Claude Code: error in a stream, served by openai',
  'Claude Code: thoughts kept, served by gemini-api',
  'Claude Agent SDK: tools, served by openai',
  'Codex: text (its built-in provider), served by openai',
  'Codex: thoughts kept, served by claude-console',
  'Codex: tools (as gpt-6.1-sol), served by claude-console',
  'Gemini CLI: tools, served by claude-console',
  'Gemini CLI: text (Code Assist), served by gemini',
  '@anthropic-ai/sdk 1: streamed tools, served by openai',
  '@anthropic-ai/sdk 0: 401, served by claude-console',
  'ai with @ai-sdk/anthropic: streamed tools, served by claude-console',
  'openai 7, chat: streamed tools, served by claude-console',
  'openai 6, chat: 402, served by openai',
  'openai 7, responses: streamed tools, served by claude-console',
  'openai 6, responses: models, counts, served by openai',
  '@google/genai 3: streamed tools, served by claude-console',
  '@google/genai 1: cut stream, served by gemini-api',
];
const trials = new Map(
  clients.flatMap((client) => client.trials.map((trial) => [nameOf(client, trial), { client, trial }])),
);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
});

test.each(short)('%s', { timeout: 60_000 }, async (name) => {
  const found = trials.get(name);
  if (found === undefined) throw new Error('there is no such trial');
  const { client, trial } = found;
  const { mistakes, output } = await play(stage, cache, client, trial);
  expect(mistakes, output.slice(-1500)).toEqual([]);
});
