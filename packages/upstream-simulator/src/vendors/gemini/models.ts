// The models Google lists. Any other id of a Gemini or Gemma is answered too, but for those that say they are not.
import type { JsonObject } from '../../json.ts';
import type { Failure } from '../vendor.ts';

const MODEL = /^(?:gemini|gemma|learnlm)-(?!not-|unknown-)/u;
const MILLION = 1_048_576;

const IDS = [
  'gemini-3.8-flash',
  'gemini-3.5-flash-lite',
  'gemini-3.1-pro-preview',
  'gemini-3.1-flash-lite',
  'gemini-2.5-pro',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
] as const;

const DEFAULT_PAGE_SIZE = 50;

export function listModels(query: string): JsonObject {
  const parameters = new URLSearchParams(query);
  const size = Math.max(1, Number(parameters.get('pageSize')) || DEFAULT_PAGE_SIZE);
  const start = Number(parameters.get('pageToken') ?? 0) || 0;
  const more = start + size < IDS.length;
  return {
    models: IDS.slice(start, start + size).map(describeModel),
    ...(more ? { nextPageToken: String(start + size) } : {}),
  };
}

export function describeModel(id: string): JsonObject {
  const [, version = '1'] = /-(\d[\d.]*)/u.exec(id) ?? [];
  const words = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    name: `models/${id}`,
    version,
    displayName: words.join(' '),
    description: `${words.join(' ')}, simulated`,
    inputTokenLimit: MILLION,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: [
      'generateContent',
      'countTokens',
      'createCachedContent',
      'batchGenerateContent',
    ],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  };
}

export function unknownModel(model: string, version: string, method: string): Failure | null {
  if (MODEL.test(model)) return null;
  const message = `models/${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`;
  return { status: 404, message };
}
