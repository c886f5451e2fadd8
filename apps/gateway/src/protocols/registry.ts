// Owns the list of client dialects. A dialect is a folder and a line here.
import { anthropic } from './anthropic/index.ts';
import { codeAssist } from './code-assist/index.ts';
import { gemini } from './gemini/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiResponses } from './openai-responses/index.ts';
import type { DialectId, Protocol } from './protocol.ts';

export const protocols: Readonly<Record<DialectId, Protocol>> = {
  anthropic,
  'openai-chat': openaiChat,
  'openai-completions': openaiCompletions,
  'openai-responses': openaiResponses,
  gemini,
  'code-assist': codeAssist,
};
