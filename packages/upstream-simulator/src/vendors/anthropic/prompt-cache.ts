// The prompt cache: what `cache_control` marks is written once and read from then on. Nothing expires or is too short.
import { isObject, listOf, objectOf, stringOf } from '../../json.ts';
import { digest } from '../../seed.ts';
import { BYTES_PER_TOKEN } from '../../text.ts';
import type { Call, TokenCounts } from '../vendor.ts';

const MAX_PREFIXES = 20_000;
/** Differs from request to request and is no part of the prompt. */
const BILLING_LINE = 'x-anthropic-billing-header:';

interface Breakpoint {
  prefix: string;
  bytes: number;
  oneHour: boolean;
}

export class PromptCache {
  readonly #prefixes = new Set<string>();

  clear(): void {
    this.#prefixes.clear();
  }

  /** The input side of the usage. Tokens are estimated from bytes; `outputTokens` is 0. */
  count(call: Call): TokenCounts {
    const total = Math.max(1, Math.ceil(call.rawBody.length / BYTES_PER_TOKEN));
    const tokens: TokenCounts = {
      inputTokens: total,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
    };
    // Parsing is dear; a body without a mark is told by its bytes. The second is Converse's.
    if (!call.rawBody.includes('"cache_control"') && !call.rawBody.includes('"cachePoint"')) return tokens;
    const scope = `${call.account ?? ''}\n${call.credential.apiKey ?? ''}\n${stringOf(objectOf(call.body)['model'])}`;
    const { breakpoints, readBytes } = this.#walk(scope, call.body);
    let coveredBytes = readBytes;
    tokens.cacheReadTokens = Math.floor(readBytes / BYTES_PER_TOKEN);
    for (const { prefix, bytes, oneHour } of breakpoints) {
      this.#remember(prefix);
      if (bytes <= coveredBytes) continue;
      const written = Math.floor(bytes / BYTES_PER_TOKEN) - Math.floor(coveredBytes / BYTES_PER_TOKEN);
      if (oneHour) tokens.cacheWrite1hTokens += written;
      else tokens.cacheWrite5mTokens += written;
      coveredBytes = bytes;
    }
    tokens.inputTokens = Math.max(1, total - Math.floor(coveredBytes / BYTES_PER_TOKEN));
    return tokens;
  }

  /** Goes through the prompt in its order: tools, system, messages. A prefix known at any block counts as read. */
  #walk(scope: string, body: unknown): { breakpoints: Breakpoint[]; readBytes: number } {
    const breakpoints: Breakpoint[] = [];
    let prefix = digest(scope);
    let bytes = 0;
    let readBytes = 0;
    let last: Breakpoint | null = null;
    for (const block of promptBlocks(body)) {
      if (stringOf(block['text']).startsWith(BILLING_LINE)) continue;
      const { cache_control: mark, ...rest } = block;
      const json = JSON.stringify(rest);
      prefix = digest(prefix + json);
      bytes += Buffer.byteLength(json);
      last = { prefix, bytes, oneHour: objectOf(mark)['ttl'] === '1h' };
      if (this.#prefixes.has(prefix)) readBytes = bytes;
      if (isObject(mark)) breakpoints.push(last);
    }
    const mark = objectOf(body)['cache_control'];
    if (last !== null && isObject(mark)) breakpoints.push({ ...last, oneHour: mark['ttl'] === '1h' });
    return { breakpoints, readBytes };
  }

  #remember(prefix: string): void {
    this.#prefixes.delete(prefix);
    this.#prefixes.add(prefix);
    if (this.#prefixes.size <= MAX_PREFIXES) return;
    for (const oldest of this.#prefixes) {
      this.#prefixes.delete(oldest);
      break;
    }
  }
}

function promptBlocks(body: unknown): Record<string, unknown>[] {
  const source = objectOf(body);
  const messages = listOf(source['messages']).flatMap((message) => {
    const { role, content } = objectOf(message);
    return blocksOf(content).map((block) => ({ role, ...block }));
  });
  return [...listOf(source['tools']).filter(isObject), ...blocksOf(source['system']), ...messages];
}

/** A plain string is the same prompt as one text block. */
function blocksOf(content: unknown): Record<string, unknown>[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content).filter(isObject);
}
