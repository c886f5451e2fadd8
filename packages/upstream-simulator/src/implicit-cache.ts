// The prompt cache of vendors that cache by themselves: the beginning that two prompts share is read the second time.
import type { Call, TokenCounts } from './vendors/vendor.ts';
import { digest } from './seed.ts';
import { BYTES_PER_TOKEN } from './text.ts';

const MAX_PREFIXES = 20_000;
/** Shorter beginnings are not cached, longer ones in steps. */
const MIN_CACHED_TOKENS = 1024;
const STEP_TOKENS = 128;

export class ImplicitCache {
  readonly #prefixes = new Set<string>();

  clear(): void {
    this.#prefixes.clear();
  }

  /**
   * The input side of the usage, from the prompt's blocks in their order. Tokens are estimated from the bytes of the
   * body. What is written to the cache counts as such only if the vendor says so (`countsWrites`).
   */
  count(call: Call, model: string, blocks: readonly unknown[], countsWrites: boolean): TokenCounts {
    const total = Math.max(1, Math.ceil(call.rawBody.length / BYTES_PER_TOKEN));
    let prefix = digest(`${call.account ?? ''}\n${call.credential.apiKey ?? ''}\n${model}`);
    let bytes = 0;
    let readBytes = 0;
    for (const block of blocks) {
      const json = JSON.stringify(block);
      prefix = digest(prefix + json);
      bytes += Buffer.byteLength(json);
      if (this.#prefixes.has(prefix)) readBytes = bytes;
      else this.#remember(prefix);
    }
    const read = cacheable(readBytes);
    const written = countsWrites ? cacheable(bytes) - read : 0;
    return {
      inputTokens: total - read - written,
      outputTokens: 0,
      cacheReadTokens: read,
      cacheWrite5mTokens: written,
      cacheWrite1hTokens: 0,
    };
  }

  #remember(prefix: string): void {
    this.#prefixes.add(prefix);
    if (this.#prefixes.size <= MAX_PREFIXES) return;
    for (const oldest of this.#prefixes) {
      this.#prefixes.delete(oldest);
      break;
    }
  }
}

/** Never the whole prompt: bytes of blocks are fewer than those of the body around them. */
function cacheable(bytes: number): number {
  const tokens = Math.floor(bytes / BYTES_PER_TOKEN);
  return tokens < MIN_CACHED_TOKENS ? 0 : tokens - (tokens % STEP_TOKENS);
}
