// Owns what the API document says of the relay: its routes are the vendor's, so they are named here and explained there.

const ANTHROPIC = 'https://docs.anthropic.com/en/api';

export const relayTags = [
  {
    name: 'relay-anthropic',
    description:
      'Anthropic Messages, below `/api` and `/claude`. Bodies pass untouched both ways; errors are in Anthropic’s form.',
  },
];

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
};

const refusals: Readonly<Record<string, string>> = {
  400: 'Bad JSON or a bad body; names the field',
  401: 'No key, or it is unknown, disabled, deleted or expired',
  403: 'The key does not allow this model, client or address',
  413: 'The body is too large',
  429: 'A limit of the key is reached, or every fitting account is cooling down; `retry-after` says for how long',
  502: 'The upstream was not reached, or refused the credential of its account',
  503: 'No account serves this model, or the database is not reachable',
  504: 'The upstream did not answer in time',
};

const errorResponses = Object.fromEntries(
  Object.entries(refusals).map(([status, description]) => [
    status,
    {
      description,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/AnthropicError' } } },
    },
  ]),
);

interface RelayOperation {
  readonly method: 'get' | 'post';
  /** Below the prefix. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Absent: a route of the gateway's own. */
  readonly manual?: string;
  readonly streams?: boolean;
}

const anthropicOperations: readonly RelayOperation[] = [
  {
    method: 'post',
    path: '/v1/messages',
    id: 'Messages',
    summary: 'Create a message, streamed or not',
    manual: `${ANTHROPIC}/messages`,
    streams: true,
  },
  {
    method: 'post',
    path: '/v1/messages/count_tokens',
    id: 'CountTokens',
    summary: 'Count the tokens of a message; not billed',
    manual: `${ANTHROPIC}/messages-count-tokens`,
  },
  {
    method: 'get',
    path: '/v1/models',
    id: 'Models',
    summary: 'Models this key may use',
    manual: `${ANTHROPIC}/models-list`,
  },
  {
    method: 'get',
    path: '/v1/models/{id}',
    id: 'Model',
    summary: 'One model',
    manual: `${ANTHROPIC}/models`,
  },
  { method: 'get', path: '/v1/me', id: 'Me', summary: 'Who holds this key' },
  { method: 'get', path: '/v1/usage', id: 'Usage', summary: 'What this key used: today and in all' },
  { method: 'get', path: '/v1/key-info', id: 'KeyInfo', summary: 'Name and usage of this key' },
];

function describe({ method, path, id, summary, manual, streams }: RelayOperation, prefix: string): object {
  const anyObject = { schema: { type: 'object' } };
  return {
    operationId: `relay${prefix === '/api' ? '' : 'Claude'}Anthropic${id}`,
    tags: ['relay-anthropic'],
    summary,
    ...(manual === undefined ? {} : { externalDocs: { url: manual } }),
    security: [{ relayKey: [] }, { relayKeyHeader: [] }],
    parameters: path.includes('{id}')
      ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
      : [],
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
      ...errorResponses,
    },
  };
}

/** Paths of the relay for the document, by address and method. */
export const relayPaths: Readonly<Record<string, Record<string, object>>> = Object.fromEntries(
  ['/api', '/claude'].flatMap((prefix) =>
    anthropicOperations.map((each) => [prefix + each.path, { [each.method]: describe(each, prefix) }]),
  ),
);
