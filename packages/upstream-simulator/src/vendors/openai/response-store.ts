// Responses that the vendor keeps (`store`), each for the key that made it.
import type { JsonObject } from '../../json.ts';
import type { Call, StreamEvent } from '../vendor.ts';

const MAX_RESPONSES = 500;

export interface StoredResponse {
  response: JsonObject;
  input: readonly unknown[];
  events: readonly StreamEvent[];
}

export class ResponseStore {
  readonly #responses = new Map<string, StoredResponse>();

  clear(): void {
    this.#responses.clear();
  }

  keep(call: Call, id: string, stored: StoredResponse): void {
    this.#responses.set(keyOf(call, id), stored);
    if (this.#responses.size <= MAX_RESPONSES) return;
    for (const oldest of this.#responses.keys()) {
      this.#responses.delete(oldest);
      break;
    }
  }

  find(call: Call, id: string): StoredResponse | null {
    return this.#responses.get(keyOf(call, id)) ?? null;
  }

  remove(call: Call, id: string): boolean {
    return this.#responses.delete(keyOf(call, id));
  }
}

function keyOf(call: Call, id: string): string {
  return `${call.account ?? ''}\n${call.credential.apiKey ?? ''}\n${id}`;
}
