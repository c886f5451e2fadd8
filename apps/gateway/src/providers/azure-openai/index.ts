// Owns the kind `azure-openai`: OpenAI's models at Azure, where a deployment stands for a model.
import { z } from 'zod';
import { addressSchema } from '../kit/base-url.ts';
import { classifyOpenAi } from '../kit/classify-openai.ts';
import { isMaybeOpenAi } from '../kit/openai-models.ts';
import { chatTestCall } from '../kit/openai-test-call.ts';
import { rateWindows } from '../kit/openai-windows.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Provider } from '../provider.ts';
import { deploymentOf, type Deployments } from './deployments.ts';
import { prepareAzure } from './request.ts';

interface Settings {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly deployments: Deployments;
}

interface Credential {
  readonly apiKey: string;
}

/** Azure's own rule for names, with room for what it may allow later. */
const deploymentName = z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, _ . or -');

export function createAzureOpenAi(nowMs: () => number): Provider<Settings, Credential> {
  return {
    kind: 'azure-openai',
    label: 'Azure OpenAI',
    service: 'openai',
    speaks: {
      generate: ['openai-chat', 'openai-responses', 'openai-completions'],
      embeddings: ['openai-chat'],
    },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({
        endpoint: addressSchema('Endpoint', 'https://….openai.azure.com, as the Azure portal shows it.'),
        apiVersion: z
          .string()
          .regex(
            /^(?:|v1|preview|\d{4}-\d\d-\d\d(?:-preview)?)$/,
            'must be empty, v1, preview or a date such as 2024-10-21',
          )
          .default('')
          .meta({
            title: 'API version',
            description:
              'Empty: Azure’s v1 API, which needs none. preview: its previews. A date: the API of that date, with deployments in the address; the Responses API is in those from 2025-03-01-preview on.',
          }),
        deployments: z.record(z.string().min(1).max(200), deploymentName).default({}).meta({
          title: 'Deployments',
          description:
            'Deployment that answers a model, by the name of the model. Empty: every deployment is called like its model.',
        }),
      }),
      credential: z.strictObject({ apiKey: secretSchema('API key', 'Either key of the Azure resource.') }),
    },
    market: () => ({ list: 'azure', isRegional: false }),
    baseUrl: ({ endpoint }) => endpoint,
    serves: isMaybeOpenAi,
    lacks: (model, { deployments }) =>
      deploymentOf(model, deployments) === null ? `there is no deployment of ${model}` : null,
    prepare: (call, { settings }, { apiKey }) => prepareAzure(call, settings, apiKey),
    classify: classifyOpenAi,
    limits: (headers) => rateWindows(headers, nowMs()),
    testCall: chatTestCall,
  };
}
