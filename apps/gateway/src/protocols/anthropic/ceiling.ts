// Owns what an Anthropic request can use at most: what a strict budget has to reserve. Never too little, so sizes are
// taken for the worst they can mean.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { UsageCeiling } from '../protocol.ts';

/** What the vendor counts for its largest picture, whatever the bytes. */
const TOKENS_PER_IMAGE = 4800;
/** Of the vendor's own around a request, and around each tool it describes itself. */
const TOKENS_OF_FRAME = 2000;
const TOKENS_PER_TOOL = 1000;
/** Searches and steps of a tool that runs at the vendor, where the request does not bound them. */
const UNBOUNDED_USES = 20;
/** They run at the vendor and feed their results back to the model, pass after pass. */
const SERVER_TOOL = /^(web_search|web_fetch|code_execution|tool_search|advisor)/;

export function ceilingOf(body: JsonObject, bodyBytes: number): UsageCeiling {
  const seen = { images: 0, isBounded: body['thread'] === undefined && body['container'] === undefined };
  for (const message of Array.isArray(body['messages']) ? body['messages'] : []) {
    if (isJsonObject(message)) look(message['content'], seen);
  }
  look(body['system'] ?? null, seen);
  const tools = Array.isArray(body['tools']) ? body['tools'] : [];
  const { passes, webSearches } = serverUses(tools, body['mcp_servers']);
  // A token is a byte at least.
  const tokens =
    bodyBytes + seen.images * TOKENS_PER_IMAGE + TOKENS_OF_FRAME + tools.length * TOKENS_PER_TOOL;
  return {
    inputTokens: seen.isBounded && passes === 1 ? tokens : null,
    passes,
    webSearches,
    conditions: {
      serviceTier: textOf(body['service_tier']),
      speed: textOf(body['speed']),
      inferenceGeo: textOf(body['inference_geo']),
    },
  };
}

/** Pictures are counted; a document, or anything that is fetched, has as many tokens as fit. */
function look(content: JsonValue | undefined, seen: { images: number; isBounded: boolean }): void {
  if (!Array.isArray(content)) return;
  for (const block of content) {
    if (!isJsonObject(block)) continue;
    const { source, type } = block;
    if (type === 'image') seen.images += 1;
    else if (type === 'container_upload') seen.isBounded = false;
    else if (isJsonObject(source)) {
      if (source['type'] === 'content') look(source['content'], seen);
      else if (source['type'] !== 'text') seen.isBounded = false;
    }
    look(block['content'], seen);
  }
}

function serverUses(
  tools: readonly JsonValue[],
  mcpServers: JsonValue | undefined,
): { passes: number; webSearches: number } {
  let uses = Array.isArray(mcpServers) && mcpServers.length > 0 ? UNBOUNDED_USES : 0;
  let webSearches = 0;
  for (const tool of tools) {
    if (!isJsonObject(tool)) continue;
    const type = textOf(tool['type']) ?? '';
    if (!SERVER_TOOL.test(type)) continue;
    const most = tool['max_uses'];
    const bound = typeof most === 'number' && Number.isSafeInteger(most) && most >= 0 ? most : UNBOUNDED_USES;
    uses += bound;
    if (type.startsWith('web_search')) webSearches += bound;
  }
  return { passes: uses + 1, webSearches };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
