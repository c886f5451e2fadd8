// The command line clients: Claude Code, Codex, Gemini CLI.
import { join } from 'node:path';
import type { Kind } from '../kinds.ts';
import { type Case, prompts, type Scenario } from './case.ts';
import { type Ran, runProgram } from './program.ts';
import type { Served } from './stage.ts';

const TOOL_SHOWS = /from-the-tool/;
const others: readonly Kind[] = ['openai', 'gemini-api', 'bedrock'];

export function commandLineCases(cache: string): Case[] {
  const bin = (name: string): string => join(cache, 'node_modules/.bin', name);
  return [...claudeCode(bin('claude')), ...codex(bin('codex')), ...geminiCli(bin('gemini'))];
}

function claudeCode(command: string): Case[] {
  type Way = 'bearer' | 'x-api-key';
  const ask =
    (prompt: string, way: Way = 'bearer', format = 'json') =>
    ({ url, key, model }: Served): Promise<Ran> =>
      runProgram({
        command,
        args: [
          '-p',
          prompt,
          '--output-format',
          format,
          '--dangerously-skip-permissions',
          ...(format === 'stream-json' ? ['--verbose'] : []),
        ],
        env: {
          ANTHROPIC_BASE_URL: `${url}/api`,
          [way === 'bearer' ? 'ANTHROPIC_AUTH_TOKEN' : 'ANTHROPIC_API_KEY']: key,
          ANTHROPIC_MODEL: model,
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          IS_SANDBOX: '1',
        },
      });
  const client = 'Claude Code';
  const says = /"result":"relay"/;
  const tool = '[[bash:echo from-the-tool]]';
  const own = (
    scenario: Scenario,
    run: Case['run'],
    shows: RegExp,
    succeeds: boolean | null,
    way?: string,
  ): Case => ({
    client,
    scenario,
    kind: 'claude-console',
    run,
    shows,
    succeeds,
    ...(way === undefined ? {} : { way }),
  });
  return [
    own('text', ask(prompts.text), says, true, 'bearer'),
    own('text', ask(prompts.text, 'x-api-key'), says, true, 'x-api-key'),
    own('text', ask(prompts.text, 'bearer', 'stream-json'), says, true, 'stream-json'),
    own('tool', ask(tool), TOOL_SHOWS, true),
    { ...own('text', ask(prompts.text), says, true, 'OAuth account'), kind: 'claude' },
    ...others.flatMap((kind) => [
      { ...own('text', ask(prompts.text), says, true), kind },
      { ...own('tool', ask(tool), TOOL_SHOWS, true), kind },
    ]),
    own(
      'wrongKey',
      (served) => ask(prompts.text)({ ...served, key: 'cr_nobody' }),
      /not known here|authenticat/,
      null,
    ),
    own('spent', ask(prompts.text), /budget/i, false),
    own('limited', ask(prompts.limited), says, true),
    own('overloaded', ask(prompts.overloaded), says, true),
    own('cut', ask(prompts.cut), /"result":"[^"]+"/, true),
    own('errorEvent', ask(prompts.errorEvent), says, true, 'then without streaming'),
  ];
}

function codex(command: string): Case[] {
  const config = (url: string, model: string, provider: string): string =>
    [
      `model = "${model}"`,
      ...(provider === 'openai'
        ? [`openai_base_url = "${url}/openai/v1"`]
        : [
            'model_provider = "relay"',
            '[model_providers.relay]',
            'name = "relay"',
            `base_url = "${url}/openai/v1"`,
            'env_key = "RELAY_KEY"',
            'wire_api = "responses"',
          ]),
    ].join('\n');
  const ask =
    (prompt: string, provider = 'relay') =>
    ({ url, key, model }: Served): Promise<Ran> =>
      runProgram({
        command,
        args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
        env: { RELAY_KEY: key, ...(provider === 'openai' ? { CODEX_API_KEY: key } : {}) },
        files: { '.codex/config.toml': config(url, model, provider) },
      });
  const tool = '[[tool:exec_command {"cmd":"echo from-the-tool"}]]';
  const of = (
    scenario: Scenario,
    kind: Kind,
    run: Case['run'],
    shows: RegExp,
    succeeds: boolean | null,
    way?: string,
  ): Case => ({
    client: 'Codex',
    scenario,
    kind,
    run,
    shows,
    succeeds,
    ...(way === undefined ? {} : { way }),
  });
  return [
    of('text', 'openai', ask(prompts.text), /^relay$/m, true),
    of(
      'text',
      'openai',
      ask(prompts.text, 'openai'),
      /^relay$/m,
      true,
      'its own provider, WebSocket declined',
    ),
    of('tool', 'openai', ask(tool), TOOL_SHOWS, true),
    ...(['codex', 'azure-openai', 'claude-console', 'gemini-api'] as const).flatMap((kind) => [
      of('text', kind, ask(prompts.text), /^relay$/m, true),
      of('tool', kind, ask(tool), TOOL_SHOWS, true),
    ]),
    of('wrongKey', 'openai', (served) => ask(prompts.text)({ ...served, key: 'cr_nobody' }), /401/, false),
    of('spent', 'openai', ask(prompts.text), /402|budget/i, false),
    of('limited', 'openai', ask(prompts.limited), /^relay$/m, true),
    of(
      'overloaded',
      'openai',
      ask('[[fault:status=503,times=1]] Reply with the word relay'),
      /^relay$/m,
      true,
      '503',
    ),
    of('cut', 'openai', ask(prompts.cut), /relay|word/, true),
  ];
}

function geminiCli(command: string): Case[] {
  const ask =
    (prompt: string, way: 'key' | 'code-assist' = 'key') =>
    ({ url, key, model }: Served): Promise<Ran> =>
      runProgram({
        command,
        args: ['-m', model, '-p', prompt, '--yolo'],
        env: {
          GEMINI_CLI_TRUST_WORKSPACE: 'true',
          ...(way === 'key'
            ? { GOOGLE_GEMINI_BASE_URL: `${url}/gemini`, GEMINI_API_KEY: key }
            : {
                GOOGLE_GENAI_USE_GCA: 'true',
                GOOGLE_CLOUD_ACCESS_TOKEN: key,
                CODE_ASSIST_ENDPOINT: `${url}/gemini`,
              }),
        },
        files: {
          '.gemini/settings.json': JSON.stringify({
            security: { auth: { selectedType: way === 'key' ? 'gemini-api-key' : 'oauth-personal' } },
          }),
        },
      });
  const tool = '[[tool:run_shell_command {"command":"echo from-the-tool"}]]';
  const of = (
    scenario: Scenario,
    kind: Kind,
    run: Case['run'],
    shows: RegExp,
    succeeds: boolean | null,
    way?: string,
  ): Case => ({
    client: 'Gemini CLI',
    scenario,
    kind,
    run,
    shows,
    succeeds,
    ...(way === undefined ? {} : { way }),
  });
  return [
    of('text', 'gemini-api', ask(prompts.text), /^relay$/m, true, 'API key'),
    of('text', 'gemini-api', ask(prompts.text, 'code-assist'), /^relay$/m, true, 'Code Assist'),
    of('tool', 'gemini-api', ask(tool), TOOL_SHOWS, true),
    of('text', 'gemini', ask(prompts.text, 'code-assist'), /^relay$/m, true, 'Code Assist'),
    ...(['claude-console', 'openai'] as const).flatMap((kind) => [
      of('text', kind, ask(prompts.text), /^relay$/m, true),
      of('tool', kind, ask(tool), TOOL_SHOWS, true),
    ]),
    of(
      'wrongKey',
      'gemini-api',
      (served) => ask(prompts.text)({ ...served, key: 'cr_nobody' }),
      /not known here|401/,
      false,
    ),
    of('spent', 'gemini-api', ask(prompts.text), /budget|402/i, false),
    of('limited', 'gemini-api', ask(prompts.limited), /^relay$/m, true),
  ];
}
