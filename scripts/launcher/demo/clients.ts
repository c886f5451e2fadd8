// How the demo's sample clients ask: each in its own vendor's dialect, at its own address.

export type SampleClient = 'claude-code' | 'codex' | 'gemini-cli' | 'chat' | 'review' | 'search';

interface SampleRequest {
  /** Below the gateway's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A question with its answer; the newest has none. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

interface Asked {
  readonly secret: string;
  readonly model: string;
  readonly stream: boolean;
  /** A UUID that all requests of the conversation share. */
  readonly session: string;
  /** The same in all conversations. */
  readonly system: string;
  readonly turns: readonly Turn[];
}

type Ask = (asked: Asked) => SampleRequest;

const MAX_TOKENS = 32_000;
const cached = { cache_control: { type: 'ephemeral' } } as const;

const bearer = (secret: string, userAgent: string): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
  'user-agent': userAgent,
});

/** Messages as OpenAI and Anthropic have them. */
function messagesOf(turns: readonly Turn[]): { role: 'user' | 'assistant'; content: string }[] {
  return turns.flatMap(({ question, answer }, index) => [
    { role: 'user' as const, content: question },
    ...(index === turns.length - 1 ? [] : [{ role: 'assistant' as const, content: answer }]),
  ]);
}

/** A program with one question, and nothing marked for the cache. */
const program =
  (userAgent: string): Ask =>
  ({ secret, model, stream, system, turns }) => ({
    path: '/api/v1/messages',
    headers: { ...bearer(secret, userAgent), 'anthropic-version': '2023-06-01' },
    body: { model, max_tokens: MAX_TOKENS, stream, system, messages: messagesOf(turns) },
  });

export const sampleClients: Readonly<Record<SampleClient, Ask>> = {
  'claude-code': ({ secret, model, stream, session, system, turns }) => ({
    path: '/api/v1/messages',
    headers: {
      ...bearer(secret, 'claude-cli/2.1.329 (external, cli)'),
      'anthropic-version': '2023-06-01',
      'x-app': 'cli',
      'x-claude-code-session-id': session,
    },
    body: {
      model,
      max_tokens: MAX_TOKENS,
      stream,
      system: [
        { type: 'text', text: "You are Claude Code, Anthropic's official CLI for Claude." },
        { type: 'text', text: system, ...cached },
      ],
      messages: messagesOf(turns).map(({ role, content }, index, all) => ({
        role,
        content: [{ type: 'text', text: content, ...(index === all.length - 1 ? cached : {}) }],
      })),
    },
  }),
  codex: ({ secret, model, session, system, turns }) => ({
    path: '/openai/v1/responses',
    headers: bearer(secret, 'codex_exec/0.169.0 (Linux)'),
    body: {
      model,
      instructions: system,
      input: messagesOf(turns),
      prompt_cache_key: session,
      stream: true,
      store: false,
    },
  }),
  'gemini-cli': ({ secret, model, stream, system, turns }) => ({
    path: `/gemini/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { 'x-goog-api-key': secret, 'user-agent': 'GeminiCLI-tui/0.61.0 (linux; x64; terminal)' },
    body: {
      systemInstruction: { parts: [{ text: system }] },
      contents: messagesOf(turns).map(({ role, content }) => ({
        role: role === 'user' ? 'user' : 'model',
        parts: [{ text: content }],
      })),
    },
  }),
  chat: ({ secret, model, stream, system, turns }) => ({
    path: '/openai/v1/chat/completions',
    headers: bearer(secret, 'OpenAI/JS 7.57.0'),
    body: {
      model,
      messages: [{ role: 'system', content: system }, ...messagesOf(turns)],
      stream,
      max_completion_tokens: MAX_TOKENS,
    },
  }),
  review: program('review-bot/2.3'),
  search: program('support-search/1.8'),
};
