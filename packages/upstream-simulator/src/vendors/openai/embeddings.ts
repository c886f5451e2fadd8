// Embeddings: vectors of length one, fixed by their text, as numbers or as base64 of 32-bit floats.
import { type JsonObject, isObject, listOf, objectOf, stringOf } from '../../json.ts';
import { digest, seededRandom } from '../../seed.ts';
import { estimateTokens } from '../../text.ts';
import type { Failure, TokenCounts } from '../vendor.ts';

const DIMENSIONS = 1536;
const LARGE_DIMENSIONS = 3072;

export function checkEmbeddings(body: unknown): Failure | null {
  if (!isObject(body) || typeof body['model'] !== 'string') {
    return { status: 400, message: 'you must provide a model parameter' };
  }
  return inputsOf(body).length === 0 ? { status: 400, message: "'$.input' is invalid." } : null;
}

export function embeddings(body: unknown): { body: JsonObject; tokens: TokenCounts } {
  const source = objectOf(body);
  const model = stringOf(source['model']);
  const inputs = inputsOf(source);
  const fallback = model.includes('large') ? LARGE_DIMENSIONS : DIMENSIONS;
  const dimensions = Number(source['dimensions'] ?? fallback);
  const inputTokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  const data = inputs.map(({ seed }, index) => {
    const vector = vectorOf(`${model} ${seed}`, dimensions);
    const embedding =
      source['encoding_format'] === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  return {
    body: { object: 'list', data, model, usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } },
    tokens: {
      inputTokens,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
    },
  };
}

interface Input {
  seed: string;
  tokens: number;
}

/** A text, several, the tokens of one, or of several. */
function inputsOf(body: JsonObject): Input[] {
  const { input } = body;
  if (typeof input === 'string') return input === '' ? [] : [textInput(input)];
  const items = listOf(input);
  if (items.length > 0 && items.every((item) => typeof item === 'number')) return [tokenInput(items)];
  return items.map((item) => (typeof item === 'string' ? textInput(item) : tokenInput(listOf(item))));
}

function textInput(text: string): Input {
  return { seed: text, tokens: estimateTokens(text) };
}

function tokenInput(tokens: readonly unknown[]): Input {
  return { seed: tokens.join(' '), tokens: tokens.length };
}

function vectorOf(seed: string, dimensions: number): Float32Array {
  const random = seededRandom(Number.parseInt(digest(seed).slice(0, 8), 16));
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
