// Lists the account records that v1 kept as hashes, and which of their fields it encrypted.
import type { SecretService } from '../secrets.ts';
import { claudeAccountRecord } from './claude.ts';
import { ccrAccountRecord, claudeConsoleAccountRecord } from './claude-relays.ts';
import { geminiAccountRecord, geminiApiAccountRecord } from './gemini.ts';
import { azureOpenaiAccountRecord, openaiAccountRecord, openaiResponsesAccountRecord } from './openai.ts';

/** By kind; Bedrock is a JSON document of its own, `bedrockAccountRecord`. */
export const accountRecords = {
  claude: claudeAccountRecord,
  'claude-console': claudeConsoleAccountRecord,
  ccr: ccrAccountRecord,
  gemini: geminiAccountRecord,
  'gemini-api': geminiApiAccountRecord,
  openai: openaiAccountRecord,
  'openai-responses': openaiResponsesAccountRecord,
  'azure-openai': azureOpenaiAccountRecord,
} as const;

export const encryptedFields = {
  claude: ['email', 'password', 'accessToken', 'refreshToken', 'claudeAiOauth'],
  'claude-console': ['apiKey'],
  ccr: ['apiKey'],
  gemini: ['geminiOauth', 'accessToken', 'refreshToken'],
  'gemini-api': ['apiKey'],
  openai: ['idToken', 'accessToken', 'refreshToken', 'openaiOauth', 'email'],
  'openai-responses': ['apiKey'],
  'azure-openai': ['apiKey'],
} as const satisfies Record<SecretService, readonly string[]>;

export * from './bedrock.ts';
export * from './claude.ts';
export * from './claude-relays.ts';
export * from './gemini.ts';
export * from './openai.ts';
