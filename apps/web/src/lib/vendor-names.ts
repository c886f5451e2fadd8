// Owns how services and dialects are called; product names are the same in every language.
import type { Service } from '@crs/shared';

export const serviceNames: Record<Service, string> = {
  claude: 'Claude',
  gemini: 'Gemini',
  openai: 'OpenAI',
};

const dialectNames: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic Messages',
  gemini: 'Gemini API',
  'code-assist': 'Gemini Code Assist',
  'openai-chat': 'OpenAI Chat Completions',
  'openai-completions': 'OpenAI Completions',
  'openai-responses': 'OpenAI Responses',
};

/** Name of a service; what the gateway said where it is none of the known ones. */
export function serviceName(service: string): string {
  return Object.entries(serviceNames).find(([known]) => known === service)?.[1] ?? service;
}

/** Name of a dialect; what the gateway said where it is none of the known ones. */
export function dialectName(dialect: string): string {
  return dialectNames[dialect] ?? dialect;
}
