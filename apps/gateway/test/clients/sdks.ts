// The client libraries, in the versions that are in use.
import { sdkClient } from './sdk.ts';

const anthropic = { program: 'anthropic', dialects: ['anthropic'], retries: true } as const;
const openai = { retries: true, lists: true } as const;
const chat = { ...openai, program: 'openai-chat', dialects: ['openai-chat'] } as const;
const responses = { ...openai, program: 'openai-responses', dialects: ['openai-responses'] } as const;
const google = {
  program: 'google-genai',
  dialects: ['gemini'],
  retries: false,
  lists: true,
} as const;

export const sdks = [
  sdkClient({
    ...anthropic,
    name: '@anthropic-ai/sdk 1',
    uses: '@anthropic-ai/sdk',
    own: 'claude-console',
    others: ['claude', 'bedrock', 'openai', 'openai-responses', 'gemini-api'],
    brokenOn: ['bedrock', 'openai', 'openai-responses', 'gemini-api'],
    keepsThoughtsOf: ['claude-console', 'bedrock', 'gemini-api'],
    lists: true,
  }),
  sdkClient({
    ...anthropic,
    name: '@anthropic-ai/sdk 0',
    uses: 'anthropic-sdk-0',
    own: 'claude-console',
    others: ['ccr', 'openai', 'gemini'],
    keepsThoughtsOf: ['claude-console', 'gemini'],
    lists: true,
  }),
  sdkClient({
    ...anthropic,
    name: 'ai with @ai-sdk/anthropic',
    program: 'ai-sdk',
    own: 'claude-console',
    others: ['openai', 'gemini-api'],
    brokenOn: ['openai', 'gemini-api'],
    keepsThoughtsOf: ['claude-console', 'gemini-api'],
    lists: false,
  }),
  sdkClient({
    ...chat,
    name: 'openai 7, chat',
    uses: 'openai',
    own: 'openai',
    others: ['azure-openai', 'claude-console', 'bedrock', 'gemini-api', 'codex'],
    brokenOn: ['claude-console', 'bedrock', 'gemini-api'],
    // The dialect itself has no place for a thought; a call's own mark it brings back.
    keepsThoughtsOf: ['gemini-api'],
  }),
  sdkClient({
    ...chat,
    name: 'openai 6, chat',
    uses: 'openai6',
    own: 'openai',
    others: ['claude-console', 'claude', 'gemini'],
  }),
  sdkClient({
    ...chat,
    name: 'openai 7, AzureOpenAI',
    uses: 'openai',
    className: 'AzureOpenAI',
    // Azure itself has its clients wait for longer than a trial is to last.
    own: 'openai',
    others: ['azure-openai', 'claude-console'],
    lists: false,
  }),
  sdkClient({
    ...responses,
    name: 'openai 7, responses',
    uses: 'openai',
    own: 'openai-responses',
    others: ['openai', 'azure-openai', 'codex', 'claude-console', 'gemini-api'],
    brokenOn: ['claude-console', 'gemini-api'],
    keepsThoughtsOf: ['claude-console', 'gemini-api'],
  }),
  sdkClient({
    ...responses,
    name: 'openai 6, responses',
    uses: 'openai6',
    own: 'openai',
    others: ['claude-console', 'gemini-api'],
  }),
  sdkClient({
    ...google,
    name: '@google/genai 3',
    uses: '@google/genai',
    own: 'gemini-api',
    others: ['gemini', 'claude-console', 'openai', 'openai-responses'],
    brokenOn: ['claude-console', 'openai'],
    keepsThoughtsOf: ['gemini-api', 'claude-console'],
  }),
  sdkClient({
    ...google,
    name: '@google/genai 1',
    uses: 'genai1',
    own: 'gemini-api',
    others: ['claude-console', 'openai'],
    brokenOn: ['claude-console'],
    keepsThoughtsOf: ['gemini-api', 'claude-console'],
    missesErrorEvents: true,
  }),
];
