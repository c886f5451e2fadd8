// Owns what the API document says of the relay: its routes are the vendors', so they are named here and explained there.
import type { DialectId, Operation } from '../protocols/protocol.ts';
import { relayFamilies, type RelayFamily } from './relay-addresses.ts';

type ErrorForm = 'AnthropicError' | 'OpenAiError' | 'GoogleError';

interface DialectText {
  readonly tag: string;
  readonly description: string;
  readonly errors: ErrorForm;
  /** Of the vendor, where the body of each call is explained. */
  readonly manual: Readonly<Partial<Record<Operation, string>>>;
}

const ANTHROPIC = 'https://docs.anthropic.com/en/api';
const OPENAI = 'https://platform.openai.com/docs/api-reference';
const GOOGLE = 'https://ai.google.dev/api';

const anyUpstream =
  'Any account whose models can answer serves it: bodies pass untouched to one that speaks this API, and are converted for the others.';

const dialects: Readonly<Record<DialectId, DialectText>> = {
  anthropic: {
    tag: 'relay-anthropic',
    description: `Anthropic Messages. ${anyUpstream}`,
    errors: 'AnthropicError',
    manual: { generate: `${ANTHROPIC}/messages`, count_tokens: `${ANTHROPIC}/messages-count-tokens` },
  },
  'openai-chat': {
    tag: 'relay-openai-chat',
    description: `OpenAI Chat Completions and embeddings. ${anyUpstream}`,
    errors: 'OpenAiError',
    manual: { generate: `${OPENAI}/chat`, embeddings: `${OPENAI}/embeddings` },
  },
  'openai-completions': {
    tag: 'relay-openai-completions',
    description: `OpenAI’s legacy completions. ${anyUpstream}`,
    errors: 'OpenAiError',
    manual: { generate: `${OPENAI}/completions` },
  },
  'openai-responses': {
    tag: 'relay-openai-responses',
    description: `OpenAI Responses. ${anyUpstream} Stored responses are asked for only of the account that made them.`,
    errors: 'OpenAiError',
    manual: { generate: `${OPENAI}/responses`, compact: `${OPENAI}/responses/compact` },
  },
  gemini: {
    tag: 'relay-gemini',
    description: `Gemini generateContent. ${anyUpstream}`,
    errors: 'GoogleError',
    manual: { generate: `${GOOGLE}/generate-content`, count_tokens: `${GOOGLE}/tokens` },
  },
  'code-assist': {
    tag: 'relay-code-assist',
    description:
      'Gemini in the wrapping of Google’s Code Assist, as Gemini CLI with a Google login speaks it. The gateway itself answers loadCodeAssist, onboardUser, retrieveUserQuota, listExperiments and the like.',
    errors: 'GoogleError',
    manual: {},
  },
};

const summaries: Readonly<Record<Operation, string>> = {
  generate: 'Create an answer, streamed or not',
  count_tokens: 'Count the tokens of a request; not billed',
  embeddings: 'Create embeddings',
  compact: 'Shorten a conversation',
};

export const relayTags = Object.values(dialects).map(({ tag, description }) => ({ name: tag, description }));

export const relaySchemas = {
  AnthropicError: {
    type: 'object',
    required: ['type', 'error'],
    properties: {
      type: { const: 'error' },
      error: {
        type: 'object',
        required: ['type', 'message'],
        properties: {
          type: {
            type: 'string',
            examples: ['authentication_error', 'rate_limit_error', 'overloaded_error'],
          },
          message: { type: 'string' },
          details: {
            type: 'object',
            properties: {
              error_code: { type: 'string', description: 'What the gateway itself refused, and why' },
            },
          },
        },
      },
      request_id: { type: 'string' },
    },
  },
  OpenAiError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'code'],
        properties: {
          message: { type: 'string' },
          type: {
            type: 'string',
            examples: ['invalid_request_error', 'rate_limit_exceeded', 'server_error'],
          },
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'null'], description: 'What the gateway itself refused, and why' },
        },
      },
    },
  },
  GoogleError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'status'],
        properties: {
          code: { type: 'integer' },
          message: { type: 'string' },
          status: { type: 'string', examples: ['UNAUTHENTICATED', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE'] },
          details: {
            type: 'array',
            items: { type: 'object' },
            description: '`reason` of the ErrorInfo says what the gateway itself refused, and why',
          },
        },
      },
    },
  },
};

const refusals: Readonly<Record<string, string>> = {
  400: 'Bad JSON or a bad body; names the field',
  401: 'No key, or it is unknown, disabled, deleted or expired',
  403: 'The key does not allow this model, client or address',
  402: 'A budget of the key is spent; says which, and when it begins anew',
  404: 'No such model or address, or what the request names lives in no account of this gateway',
  413: 'The body is too large',
  429: 'A limit of the key is reached, or every fitting account is cooling down; `retry-after` says for how long',
  502: 'The upstream was not reached, or refused the credential of its account',
  503: 'No account serves this model, or the database is not reachable',
  504: 'The upstream did not answer in time',
};

function errorResponses(form: ErrorForm): Record<string, object> {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      {
        description,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${form}` } } },
      },
    ]),
  );
}

interface Described {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly tag: string;
  readonly summary: string;
  readonly errors: ErrorForm;
  readonly manual?: string | undefined;
  readonly streams?: boolean;
}

function callsOf({ prefix, addresses }: RelayFamily): Described[] {
  return addresses.flatMap(({ dialect, shownAs }) => {
    const { tag, errors, manual } = dialects[dialect];
    return shownAs.map(({ path, operation }) => ({
      path: prefix + path,
      method: 'post' as const,
      tag,
      summary: summaries[operation],
      errors,
      manual: manual[operation],
      streams: operation === 'generate',
    }));
  });
}

function questionsOf({ prefix, dialect, modelLists, keyFacts }: RelayFamily): Described[] {
  const { tag, errors } = dialects[dialect];
  const ask = (path: string, summary: string): Described => ({
    path: prefix + path,
    method: 'get',
    tag,
    summary,
    errors,
  });
  const base = keyFacts === 'v1' ? '/v1' : '';
  return [
    ...modelLists.flatMap((path) => [
      ask(path, 'Models this key can reach'),
      ask(`${path}/{id}`, 'One model'),
    ]),
    ...(keyFacts === null
      ? []
      : [
          ask(`${base}/me`, 'Who holds this key'),
          ask(`${base}/usage`, 'What this key used: today and in all'),
          ask(`${base}/key-info`, 'Name and usage of this key'),
        ]),
  ];
}

/** `POST /gemini/v1beta/models/{model}:countTokens` -> `relayPostGeminiV1betaModelsModelCountTokens`. */
function operationId({ method, path }: Described): string {
  const words = `${method} ${path}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return `relay${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

function describe(described: Described): object {
  const { method, path, tag, summary, errors, manual, streams } = described;
  const anyObject = { schema: { type: 'object' } };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return {
    operationId: operationId(described),
    tags: [tag],
    summary,
    ...(manual === undefined ? {} : { externalDocs: { url: manual } }),
    security: [{ relayKey: [] }, { relayKeyHeader: [] }],
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(method === 'post'
      ? { requestBody: { required: true, content: { 'application/json': anyObject } } }
      : {}),
    responses: {
      200: {
        description: 'The answer of the upstream',
        content: {
          'application/json': anyObject,
          ...(streams === true ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
        },
      },
      ...errorResponses(errors),
    },
  };
}

/** Paths of the relay for the document, by address and method. */
export const relayPaths: Readonly<Record<string, Record<string, object>>> = Object.fromEntries(
  relayFamilies
    .flatMap((family) => [...callsOf(family), ...questionsOf(family)])
    .map((described) => [described.path, { [described.method]: describe(described) }]),
);
