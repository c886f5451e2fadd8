// Owns the wishes that Chat Completions and its elder name alike: sampling, ends, whose request it is.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { isJsonList, numberOf, textOf } from '../read.ts';

type Sampling = Pick<CanonicalRequest, 'temperature' | 'topP' | 'extras' | 'stopSequences' | 'endUserId'>;

export function readSampling(body: JsonObject): Sampling {
  return {
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    extras: {
      topK: null,
      seed: numberOf(body['seed']),
      frequencyPenalty: numberOf(body['frequency_penalty']),
      presencePenalty: numberOf(body['presence_penalty']),
      logitBias: isJsonObject(body['logit_bias']) ? body['logit_bias'] : null,
      logprobs: logprobsOf(body),
      verbosity: textOf(body['verbosity']),
    },
    stopSequences: stopsOf(body['stop']),
    endUserId: textOf(body['safety_identifier']) ?? textOf(body['user']),
  };
}

/** The elder API says a number where the younger says yes, and the number apart. */
function logprobsOf(body: JsonObject): number | null {
  const { logprobs } = body;
  if (typeof logprobs === 'number') return logprobs;
  return logprobs === true ? (numberOf(body['top_logprobs']) ?? 0) : null;
}

function stopsOf(stop: JsonValue | undefined): string[] {
  const sequences: readonly (JsonValue | undefined)[] = isJsonList(stop) ? stop : [stop];
  return sequences.map(textOf).filter((text) => text !== null);
}
