// How the demo's sample clients ask: each in its own vendor's dialect, at its own address.

export type SampleClient = 'claude-code' | 'script' | 'codex' | 'openai' | 'gemini';

interface SampleRequest {
  /** Below the gateway's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

interface Asked {
  readonly secret: string;
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly maxTokens: number;
}

type Ask = (asked: Asked) => SampleRequest;

function messages({ model, prompt, stream, maxTokens }: Asked, system?: string): object {
  return {
    model,
    max_tokens: maxTokens,
    stream,
    ...(system === undefined ? {} : { system: [{ type: 'text', text: system }] }),
    messages: [{ role: 'user', content: prompt }],
  };
}

const bearer = (secret: string, userAgent: string): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
  'user-agent': userAgent,
});

export const sampleClients: Readonly<Record<SampleClient, Ask>> = {
  'claude-code': (asked) => ({
    path: '/api/v1/messages',
    headers: {
      ...bearer(asked.secret, 'claude-cli/2.1.329 (external, cli)'),
      'anthropic-version': '2023-06-01',
      'x-app': 'cli',
    },
    body: messages(asked, "You are Claude Code, Anthropic's official CLI for Claude."),
  }),
  script: (asked) => ({
    path: '/api/v1/messages',
    headers: { ...bearer(asked.secret, 'demo-script/1.0'), 'anthropic-version': '2023-06-01' },
    body: messages(asked),
  }),
  codex: ({ secret, model, prompt }) => ({
    path: '/openai/v1/responses',
    headers: bearer(secret, 'codex_exec/0.169.0 (Linux)'),
    body: { model, input: [{ role: 'user', content: prompt }], stream: true, store: false },
  }),
  openai: ({ secret, model, prompt, stream, maxTokens }) => ({
    path: '/openai/v1/chat/completions',
    headers: bearer(secret, 'OpenAI/JS 7.57.0'),
    body: {
      model,
      messages: [{ role: 'user', content: prompt }],
      stream,
      max_completion_tokens: maxTokens,
    },
  }),
  gemini: ({ secret, model, prompt, stream }) => ({
    path: `/gemini/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { 'x-goog-api-key': secret, 'user-agent': 'GeminiCLI-tui/0.61.0 (linux; x64; terminal)' },
    body: { contents: [{ role: 'user', parts: [{ text: prompt }] }] },
  }),
};
