// Owns what a client needs to reach this gateway, step by step: commands of a shell, files, programs. Pure: a key that
// passes through is not kept.
import { quoteForCode, quoteForJavaScript } from '@/lib/quoting';
import { dialectOf, type GuideClient, type Shell, type Variant } from './clients';
import { PROMPT, requestIn } from './requests';
import { homePath, keepVariables, postJson, quoteFor, setVariables, type Variables } from './shell-text';

export interface GuideInput {
  readonly client: GuideClient;
  /** Of those that the client has; null where it has none. */
  readonly variant: Variant | null;
  readonly shell: Shell;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

/** Names of steps; `setup.steps.<name>` says what each is for. */
type StepName =
  | 'install'
  | 'environment'
  | 'forGood'
  | 'claudeSettings'
  | 'codexConfig'
  | 'geminiSettings'
  | 'program'
  | 'run'
  | 'check'
  | 'request'
  | 'fields';

export type Step = { readonly name: StepName } & (
  | { readonly type: 'command'; readonly code: string }
  | { readonly type: 'file'; readonly path: string; readonly code: string }
  | {
      readonly type: 'fields';
      readonly fields: readonly { readonly name: FieldName; readonly value: string }[];
    }
);

/** Names of a client's own form; `setup.fields.<name>`. */
type FieldName = 'source' | 'endpoint' | 'proxyUrl' | 'proxyPassword' | 'apiKey' | 'model';

const RELAY_KEY = 'RELAY_KEY';

export function guideSteps(input: GuideInput): Step[] {
  switch (input.client) {
    case 'claude-code':
      return claudeCode(input);
    case 'codex':
      return codex(input);
    case 'gemini-cli':
      return geminiCli(input);
    case 'anthropic-sdk':
    case 'openai-sdk':
    case 'google-genai':
    case 'ai-sdk':
      return sdk(input);
    case 'curl':
      return curl(input);
    case 'sillytavern':
      return sillyTavern(input);
  }
}

function command(name: StepName, code: string): Step {
  return { name, type: 'command', code };
}

function environment(shell: Shell, variables: Variables): Step[] {
  const code = keepVariables(shell, variables);
  return [
    command('environment', setVariables(shell, variables)),
    shell === 'posix'
      ? { name: 'forGood', type: 'file', path: '~/.zshrc, ~/.bashrc', code }
      : command('forGood', code),
  ];
}

function claudeCode({ shell, baseUrl, key }: GuideInput): Step[] {
  const variables = { ANTHROPIC_BASE_URL: `${baseUrl}/api`, ANTHROPIC_AUTH_TOKEN: key };
  return [
    command('environment', setVariables(shell, variables)),
    {
      name: 'claudeSettings',
      type: 'file',
      path: homePath(shell, '.claude', 'settings.json'),
      code: JSON.stringify({ env: variables }, undefined, 2),
    },
    command('check', `claude -p ${quoteFor(shell, PROMPT)}`),
  ];
}

function codex({ shell, baseUrl, key, model }: GuideInput): Step[] {
  return [
    {
      name: 'codexConfig',
      type: 'file',
      path: homePath(shell, '.codex', 'config.toml'),
      code: [
        `model = ${quoteForCode(model)}`,
        'model_provider = "relay"',
        '',
        '[model_providers.relay]',
        'name = "relay"',
        `base_url = ${quoteForCode(`${baseUrl}/openai/v1`)}`,
        `env_key = "${RELAY_KEY}"`,
        'wire_api = "responses"',
      ].join('\n'),
    },
    ...environment(shell, { [RELAY_KEY]: key }),
    command('check', `codex exec --skip-git-repo-check ${quoteFor(shell, PROMPT)}`),
  ];
}

function geminiCli({ shell, baseUrl, key, model }: GuideInput): Step[] {
  const check = [
    setVariables(shell, { GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
    `gemini -m ${quoteFor(shell, model)} -p ${quoteFor(shell, PROMPT)}`,
  ];
  return [
    {
      name: 'geminiSettings',
      type: 'file',
      path: homePath(shell, '.gemini', 'settings.json'),
      code: JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } }, undefined, 2),
    },
    ...environment(shell, { GOOGLE_GEMINI_BASE_URL: `${baseUrl}/gemini`, GEMINI_API_KEY: key }),
    command('check', check.join('\n')),
  ];
}

function sdk(input: GuideInput): Step[] {
  const { client, shell, key } = input;
  const isPython = input.variant === 'python';
  const packages = {
    'anthropic-sdk': isPython ? 'anthropic' : '@anthropic-ai/sdk',
    'openai-sdk': 'openai',
    'google-genai': isPython ? 'google-genai' : '@google/genai',
    'ai-sdk': 'ai @ai-sdk/anthropic',
  } as const;
  const named = client in packages ? packages[client as keyof typeof packages] : '';
  const file = isPython ? 'hello.py' : 'hello.mjs';
  const python = shell === 'posix' ? 'python3' : 'py';
  return [
    command('install', isPython ? `${python} -m pip install ${named}` : `npm install ${named}`),
    ...environment(shell, { [RELAY_KEY]: key }),
    { name: 'program', type: 'file', path: file, code: isPython ? pythonProgram(input) : nodeProgram(input) },
    command('run', isPython ? `${python} ${file}` : `node ${file}`),
  ];
}

function nodeProgram({ client, baseUrl, model }: GuideInput): string {
  const apiKey = `process.env.${RELAY_KEY}`;
  const text = quoteForJavaScript;
  switch (client) {
    case 'openai-sdk':
      return `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: ${text(`${baseUrl}/openai/v1`)},
  apiKey: ${apiKey},
});
const answer = await client.chat.completions.create({
  model: ${text(model)},
  messages: [{ role: 'user', content: ${text(PROMPT)} }],
});
console.log(answer.choices[0].message.content);`;
    case 'google-genai':
      return `import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({
  apiKey: ${apiKey},
  httpOptions: { baseUrl: ${text(`${baseUrl}/gemini`)} },
});
const answer = await client.models.generateContent({
  model: ${text(model)},
  contents: ${text(PROMPT)},
});
console.log(answer.text);`;
    case 'ai-sdk':
      return `import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText } from 'ai';

const relay = createAnthropic({
  baseURL: ${text(`${baseUrl}/api/v1`)},
  apiKey: ${apiKey},
});
const { text } = await generateText({
  model: relay(${text(model)}),
  prompt: ${text(PROMPT)},
});
console.log(text);`;
    default:
      return `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  baseURL: ${text(`${baseUrl}/api`)},
  apiKey: ${apiKey},
});
const answer = await client.messages.create({
  model: ${text(model)},
  max_tokens: 64,
  messages: [{ role: 'user', content: ${text(PROMPT)} }],
});
console.log(answer.content[0].text);`;
  }
}

function pythonProgram({ client, baseUrl, model }: GuideInput): string {
  const apiKey = `os.environ["${RELAY_KEY}"]`;
  const text = quoteForCode;
  switch (client) {
    case 'openai-sdk':
      return `import os
from openai import OpenAI

client = OpenAI(base_url=${text(`${baseUrl}/openai/v1`)}, api_key=${apiKey})
answer = client.chat.completions.create(
    model=${text(model)},
    messages=[{"role": "user", "content": ${text(PROMPT)}}],
)
print(answer.choices[0].message.content)`;
    case 'google-genai':
      return `import os
from google import genai
from google.genai import types

client = genai.Client(
    api_key=${apiKey},
    http_options=types.HttpOptions(base_url=${text(`${baseUrl}/gemini`)}),
)
answer = client.models.generate_content(model=${text(model)}, contents=${text(PROMPT)})
print(answer.text)`;
    default:
      return `import os
from anthropic import Anthropic

client = Anthropic(base_url=${text(`${baseUrl}/api`)}, api_key=${apiKey})
answer = client.messages.create(
    model=${text(model)},
    max_tokens=64,
    messages=[{"role": "user", "content": ${text(PROMPT)}}],
)
print(answer.content[0].text)`;
  }
}

function curl({ client, variant, shell, baseUrl, key, model }: GuideInput): Step[] {
  const request = requestIn(dialectOf(client, variant), { key, model, isStream: false });
  return [command('request', postJson(shell, { ...request, url: baseUrl + request.path }))];
}

function sillyTavern({ variant, baseUrl, key, model }: GuideInput): Step[] {
  const fields =
    variant === 'claude'
      ? ([
          { name: 'source', value: 'Claude' },
          { name: 'proxyUrl', value: `${baseUrl}/api/v1` },
          { name: 'proxyPassword', value: key },
          { name: 'model', value: model },
        ] as const)
      : ([
          { name: 'source', value: 'Custom (OpenAI-compatible)' },
          { name: 'endpoint', value: `${baseUrl}/openai/v1` },
          { name: 'apiKey', value: key },
          { name: 'model', value: model },
        ] as const);
  return [{ name: 'fields', type: 'fields', fields }];
}
