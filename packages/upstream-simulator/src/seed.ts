// Everything that looks random here comes from a seed, so that the same input gives the same answer.
import { hash } from 'node:crypto';

export function digest(input: string | Uint8Array): string {
  return hash('sha1', input, 'hex');
}

/** An integer below `limit`, always the same for the same seed. */
export function seededInteger(seed: string, limit: number): number {
  return Number.parseInt(digest(seed).slice(0, 8), 16) % limit;
}

/** An id as vendors form them: the prefix and 24 letters and digits that depend on the seed only. */
export function seededId(prefix: string, seed: string): string {
  const letters = hash('sha256', seed, 'base64').replaceAll(/[+/=]/gu, '0');
  return `${prefix}01${letters.slice(0, 22)}`;
}

/** A version 4 UUID that depends on the seed only. */
export function seededUuid(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Mulberry32: numbers in 0..1 in an order fixed by the seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
