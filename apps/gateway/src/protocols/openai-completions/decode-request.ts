// Owns reading a request of the elder Completions API into the canonical form: its prompt is what a user says.
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { isJsonList, numberOf, textOf } from '../read.ts';
import { readSampling } from '../openai/sampling.ts';
import type { RequestFacts } from '../protocol.ts';

/** Read here, or without meaning for the answer. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'max_tokens',
  'stream',
  'stream_options',
  'n',
  'best_of',
  'suffix',
  'echo',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'user',
]);

export function decodeRequest(
  body: JsonObject,
  facts: RequestFacts,
  notes: ConversionNotes,
): CanonicalRequest {
  refuseWhatNobodyElseHas(body);
  for (const [name, value] of Object.entries(body)) {
    if (!KNOWN.has(name) && value !== null && value !== undefined) notes.drop(name);
  }
  return {
    ...readSampling(body),
    model: facts.model,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: promptOf(body['prompt']) }] }],
    maxOutputTokens: numberOf(body['max_tokens']),
    stream: facts.stream,
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    thinking: null,
    format: null,
    serviceTier: null,
    cacheKey: null,
  };
}

function refuseWhatNobodyElseHas(body: JsonObject): void {
  for (const name of ['n', 'best_of']) {
    const count = numberOf(body[name]);
    if (count !== null && count > 1) {
      throw new NotConvertible(name, 'Only one answer can be given; send the request several times.');
    }
  }
  if (textOf(body['suffix']) !== null) {
    throw new NotConvertible('suffix', 'Text cannot be filled in; say in the prompt what is wanted.');
  }
  if (body['echo'] === true) {
    throw new NotConvertible('echo', 'The prompt cannot be repeated in the answer; leave it out.');
  }
}

function promptOf(prompt: JsonValue | undefined): string {
  const [only, ...others] = isJsonList(prompt) ? prompt : [prompt];
  if (typeof only === 'string' && only !== '' && others.length === 0) return only;
  throw new NotConvertible(
    'prompt',
    'Only one prompt of text can be converted; send tokens as text, several one by one.',
  );
}
