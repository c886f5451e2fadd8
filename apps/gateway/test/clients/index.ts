// Every client that is tried, in the order of the tables.
import { agentSdk } from './agent-sdk.ts';
import type { Client } from './case.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { geminiCli } from './gemini-cli.ts';
import { sdks } from './sdks.ts';

export const clients: readonly Client[] = [claudeCode, agentSdk, codex, geminiCli, ...sdks];
