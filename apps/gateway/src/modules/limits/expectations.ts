// Owns what calls of a key have cost lately, by model: what `expected` budgets reserve. In memory of this process only;
// a key that is new here is judged by the size of its request.
import { LRUCache } from 'lru-cache';

export interface Amounts {
  /** Charged, nano-USD. */
  readonly usd: number;
  readonly tokens: number;
}

const REMEMBERED = 20_000;
/** Weight of the newest call in the mean. */
const NEWEST = 0.2;

export class Expectations {
  readonly #means = new LRUCache<string, Amounts>({ max: REMEMBERED });

  /** Null where no such call is known. */
  of(keyId: string, model: string): Amounts | null {
    return this.#means.get(`${keyId} ${model}`) ?? null;
  }

  note(keyId: string, model: string, { usd, tokens }: Amounts): void {
    const name = `${keyId} ${model}`;
    const known = this.#means.get(name);
    this.#means.set(name, {
      usd: known === undefined ? usd : Math.round(known.usd + (usd - known.usd) * NEWEST),
      tokens: known === undefined ? tokens : Math.round(known.tokens + (tokens - known.tokens) * NEWEST),
    });
  }
}
