// Owns the addresses of the relay: which dialect and operation each is, and what the address says of the request.
import type { Service } from '@crs/shared';
import type { AddressFacts, DialectId, Operation } from '../protocols/protocol.ts';

/** What an address says, once it is matched. `path` is the vendor's own, as providers know it. */
export interface AddressMatch {
  readonly operation: Operation;
  readonly path: string;
  readonly facts: AddressFacts;
  /** What the body has to call the model, whatever it says; null: it says so itself, or need not. */
  readonly bodyModel: string | null;
}

interface RelayAddress {
  readonly dialect: DialectId;
  /** Fastify's pattern below the family's prefix. */
  readonly url: string;
  /** As the API document writes it, one for each call that the pattern takes. */
  readonly shownAs: readonly { readonly path: string; readonly operation: Operation }[];
  /** Null: there is nothing of the kind; the family's own 404 follows. */
  readonly match: (params: Readonly<Record<string, string>>, path: string) => AddressMatch | null;
}

/** Addresses below one prefix. Errors outside of any route are worded in `dialect`. */
export interface RelayFamily {
  readonly prefix: string;
  readonly dialect: DialectId;
  readonly addresses: readonly RelayAddress[];
  /** Where the models are listed, in `dialect`'s form; each also with `/:id`. */
  readonly modelLists: readonly string[];
  /** Only models of this vendor. */
  readonly service: Service | null;
  /** What a key's holder may ask of the key. */
  readonly keyFacts: 'v1' | 'plain' | null;
  /** Where clients ask whether something that was to be set up is. */
  readonly operations: string | null;
  /** Where an upgrade to a WebSocket is answered with 426. */
  readonly webSockets: readonly string[];
}

const nothingSaid: AddressFacts = { model: null, stream: null, service: null };

function fixed(
  dialect: DialectId,
  url: string,
  path: string,
  operation: Operation = 'generate',
  service: Service | null = null,
): RelayAddress {
  const found = { operation, path, facts: { ...nothingSaid, service }, bodyModel: null };
  return { dialect, url, shownAs: [{ path: url, operation }], match: () => found };
}

const messages = fixed('anthropic', '/v1/messages', '/v1/messages');
const countTokens = fixed(
  'anthropic',
  '/v1/messages/count_tokens',
  '/v1/messages/count_tokens',
  'count_tokens',
);
const chat = (url: string, service: Service | null = null): RelayAddress =>
  fixed('openai-chat', url, '/v1/chat/completions', 'generate', service);
const completions = (url: string): RelayAddress => fixed('openai-completions', url, '/v1/completions');
const responses = (url: string): RelayAddress => fixed('openai-responses', url, '/v1/responses');
const compact = (url: string): RelayAddress =>
  fixed('openai-responses', url, '/v1/responses/compact', 'compact');
const embeddings = (url: string): RelayAddress => fixed('openai-chat', url, '/v1/embeddings', 'embeddings');

/** Azure's own form: the deployment in the address is the model. */
function deployment(dialect: DialectId, call: string, path: string, operation: Operation): RelayAddress {
  return {
    dialect,
    url: `/openai/deployments/:deployment/${call}`,
    shownAs: [{ path: `/openai/deployments/{deployment}/${call}`, operation }],
    match: ({ deployment: model = '' }) => ({
      operation,
      path,
      facts: { ...nothingSaid, model },
      bodyModel: model,
    }),
  };
}

const geminiCalls: Readonly<Record<string, { operation: Operation; stream: boolean }>> = {
  generateContent: { operation: 'generate', stream: false },
  streamGenerateContent: { operation: 'generate', stream: true },
  countTokens: { operation: 'count_tokens', stream: false },
};

function geminiCallsAt(base: string): RelayAddress['shownAs'] {
  return Object.entries(geminiCalls).map(([name, { operation }]) => ({ path: `${base}:${name}`, operation }));
}

/** `/v1beta/models/gemini-3.8-flash:generateContent`. */
function geminiModels(version: string): RelayAddress {
  return {
    dialect: 'gemini',
    url: `/${version}/models/*`,
    shownAs: geminiCallsAt(`/${version}/models/{model}`),
    match: ({ '*': rest = '' }, path) => {
      const colon = rest.lastIndexOf(':');
      const call = geminiCalls[rest.slice(colon + 1)];
      const model = rest.slice(0, colon);
      if (colon < 1 || call === undefined) return null;
      return {
        operation: call.operation,
        path,
        facts: { model, stream: call.stream, service: null },
        bodyModel: null,
      };
    },
  };
}

/** Calls of Code Assist that go to a model; the others are housekeeping, which the gateway answers itself. */
const codeAssist: RelayAddress = {
  dialect: 'code-assist',
  url: '/v1internal*',
  shownAs: geminiCallsAt('/v1internal'),
  match: (_params, path) => {
    const call = geminiCalls[path.slice(path.lastIndexOf(':') + 1)];
    if (call === undefined) return null;
    return {
      operation: call.operation,
      path,
      facts: { ...nothingSaid, stream: call.stream },
      bodyModel: null,
    };
  },
};

const openai = { dialect: 'openai-chat', keyFacts: null, operations: null, webSockets: [] } as const;

export const relayFamilies: readonly RelayFamily[] = [
  {
    prefix: '/api',
    dialect: 'anthropic',
    addresses: [messages, countTokens, chat('/v1/chat/completions'), completions('/v1/completions')],
    modelLists: ['/v1/models'],
    service: null,
    keyFacts: 'v1',
    operations: null,
    webSockets: [],
  },
  {
    prefix: '/claude',
    dialect: 'anthropic',
    addresses: [messages, countTokens],
    modelLists: ['/v1/models'],
    service: null,
    keyFacts: 'v1',
    operations: null,
    webSockets: [],
  },
  {
    ...openai,
    prefix: '/openai',
    addresses: ['', '/v1'].flatMap((version) => [
      chat(`${version}/chat/completions`),
      completions(`${version}/completions`),
      embeddings(`${version}/embeddings`),
      responses(`${version}/responses`),
      compact(`${version}/responses/compact`),
    ]),
    modelLists: ['/v1/models', '/models'],
    service: null,
    keyFacts: 'plain',
    webSockets: ['/responses', '/v1/responses'],
  },
  ...(['claude', 'gemini'] as const).map((service) => ({
    ...openai,
    prefix: `/openai/${service}`,
    addresses: [chat('/v1/chat/completions', service)],
    modelLists: ['/v1/models'],
    service,
  })),
  {
    prefix: '/gemini',
    dialect: 'gemini',
    addresses: [geminiModels('v1beta'), geminiModels('v1'), codeAssist],
    modelLists: ['/v1beta/models', '/v1/models'],
    service: null,
    keyFacts: null,
    operations: '/v1internal/operations/*',
    webSockets: [],
  },
  {
    ...openai,
    prefix: '/azure',
    addresses: [
      chat('/chat/completions'),
      responses('/responses'),
      responses('/openai/responses'),
      embeddings('/embeddings'),
      deployment('openai-chat', 'chat/completions', '/v1/chat/completions', 'generate'),
      deployment('openai-completions', 'completions', '/v1/completions', 'generate'),
      deployment('openai-chat', 'embeddings', '/v1/embeddings', 'embeddings'),
      ...['chat/completions', 'responses', 'embeddings'].map((call) => azureV1(call)),
    ],
    modelLists: ['/openai/v1/models'],
    service: null,
  },
];

/** Azure's newer surface, which is OpenAI's. */
function azureV1(call: string): RelayAddress {
  const url = `/openai/v1/${call}`;
  if (call === 'responses') return responses(url);
  return call === 'embeddings' ? embeddings(url) : chat(url);
}
