// Owns what a key holder's program may ask of its own key, in the shapes that v1's clients know.
import type { Figures } from '@crs/shared';
import type { KeyDocument } from '../modules/keys/index.ts';

export interface KeyUsage {
  readonly today: Figures;
  readonly total: Figures;
}

/** `GET /v1/me`. */
export function describeOwner(key: KeyDocument): object {
  return { id: `user_${key.id}`, type: 'user', display_name: key.name, created_at: key.createdAt };
}

/** `GET /v1/usage`. No token or request limit is set on a key of this gateway: 0 means none, as it did in v1. */
export function describeUsage(usage: KeyUsage, timestamp: string): object {
  return { usage: usageOf(usage), limits: { tokens: 0, requests: 0 }, timestamp };
}

/** `GET /v1/key-info`. */
export function describeKey(key: KeyDocument, usage: KeyUsage, timestamp: string): object {
  return { keyInfo: { id: key.id, name: key.name, tokenLimit: 0, usage: usageOf(usage) }, timestamp };
}

function usageOf({ today, total }: KeyUsage): object {
  return { total: bucketsOf(total), daily: bucketsOf(today) };
}

function bucketsOf(figures: Figures): object {
  const cacheCreateTokens = figures.cacheWrite5m + figures.cacheWrite1h;
  const tokens = figures.input + figures.output;
  return {
    tokens,
    inputTokens: figures.input,
    outputTokens: figures.output,
    cacheCreateTokens,
    cacheReadTokens: figures.cacheRead,
    allTokens: tokens + cacheCreateTokens + figures.cacheRead,
    requests: figures.requests,
    cost: figures.chargedNanoUsd / 1e9,
  };
}
