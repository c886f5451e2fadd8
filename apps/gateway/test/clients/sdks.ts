// The client libraries, each in a process of its own, since they are installed elsewhere.
import { fileURLToPath } from 'node:url';
import type { Kind } from '../kinds.ts';
import { type Case, prompts, type Scenario } from './case.ts';
import { type Ran, runProgram } from './program.ts';
import type { Served } from './stage.ts';

const program = fileURLToPath(new URL('./ask-sdk.mjs', import.meta.url));

interface Sdk {
  readonly name: string;
  readonly own: Kind;
  /** By accounts of other vendors. */
  readonly others: readonly Kind[];
  /** It asks again by itself where that may help. */
  readonly retries: boolean;
  /** What it can ask beside answers. */
  readonly other: RegExp | null;
}

const counted = /counted listed/;
const listed = /listed/;
const sdks: readonly Sdk[] = [
  {
    name: '@anthropic-ai/sdk 1',
    own: 'claude-console',
    others: ['openai', 'gemini-api'],
    retries: true,
    other: counted,
  },
  { name: '@anthropic-ai/sdk 0', own: 'claude-console', others: ['bedrock'], retries: true, other: counted },
  {
    name: 'openai 7 chat',
    own: 'openai',
    others: ['claude-console', 'gemini-api'],
    retries: true,
    other: listed,
  },
  { name: 'openai 6 chat', own: 'openai', others: ['claude-console'], retries: true, other: listed },
  {
    name: 'openai 7 responses',
    own: 'openai-responses',
    others: ['claude-console'],
    retries: true,
    other: listed,
  },
  { name: 'openai 6 responses', own: 'openai', others: ['gemini-api'], retries: true, other: listed },
  {
    name: '@google/genai 3',
    own: 'gemini-api',
    others: ['claude-console', 'openai'],
    retries: false,
    other: counted,
  },
  { name: '@google/genai 1', own: 'gemini-api', others: ['claude-console'], retries: false, other: counted },
  { name: 'ai + @ai-sdk/anthropic', own: 'claude-console', others: ['openai'], retries: true, other: null },
];

export function sdkCases(cache: string): Case[] {
  return [...sdks.flatMap((sdk) => casesOf(cache, sdk)), ...agentSdk(cache)];
}

function casesOf(cache: string, { name, own, others, retries, other }: Sdk): Case[] {
  const ask = asker(cache, name);
  const of = (
    scenario: Scenario,
    kind: Kind,
    run: Case['run'],
    shows: RegExp,
    succeeds: boolean | null,
    way?: string,
  ): Case => ({
    client: name,
    scenario,
    kind,
    run,
    shows,
    succeeds,
    ...(way === undefined ? {} : { way }),
  });
  const kinds = [own, ...others];
  return [
    ...kinds.flatMap((kind) =>
      (['whole', 'stream'] as const).flatMap((form) => [
        of('text', kind, ask('text', prompts.text, form), /"text":"relay"/, true, form),
        of('tool', kind, ask('tool', '', form), /Bern/, true, form),
      ]),
    ),
    ...(other === null ? [] : [of('other', own, ask('other', prompts.text), other, true)]),
    of(
      'wrongKey',
      own,
      (served) => ask('text', prompts.text)({ ...served, key: 'cr_nobody' }),
      /401|not known here/,
      false,
    ),
    of('spent', own, ask('text', prompts.text), /402|budget/i, false),
    of('limited', own, ask('text', prompts.limited), retries ? /"text":"relay"/ : /429|relay/, retries),
    of(
      'cut',
      own,
      ask('text', prompts.cut, 'stream'),
      /error|"text"/,
      name.includes('genai 1') ? null : false,
      'stream',
    ),
  ];
}

function agentSdk(cache: string): Case[] {
  const ask = asker(cache, 'Claude Agent SDK');
  const of = (kind: Kind, prompt: string, shows: RegExp): Case => ({
    client: 'Claude Agent SDK',
    scenario: prompt === prompts.text ? 'text' : 'tool',
    kind,
    run: ask('agent', prompt),
    shows,
    succeeds: true,
  });
  return [
    of('claude-console', prompts.text, /"text":"relay"/),
    of('claude-console', '[[bash:echo from-the-tool]]', /from-the-tool/),
    of('openai', prompts.text, /"text":"relay"/),
  ];
}

function asker(cache: string, sdk: string) {
  return (scenario: string, prompt: string, form = 'whole') =>
    ({ url, key, model }: Served): Promise<Ran> =>
      runProgram({
        command: process.execPath,
        args: [program, cache, sdk, scenario, url, key, model, prompt],
        env: {
          FORM: form,
          ANTHROPIC_BASE_URL: `${url}/api`,
          ANTHROPIC_AUTH_TOKEN: sdk.includes('Agent') ? key : '',
          IS_SANDBOX: '1',
        },
      });
}
