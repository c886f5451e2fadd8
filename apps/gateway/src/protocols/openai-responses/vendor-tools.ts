// Owns which tools run at the vendor: how often they may, and how often one did.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { textOf } from '../read.ts';
import { countOf } from '../observed-answer.ts';
import { offeredTools } from './offered-tools.ts';

/** Of one answer, where the request does not bound them. */
const UNBOUNDED_USES = 20;
const WEB_SEARCH = /^web_search/;
const RUNS_AT_VENDOR =
  /^(?:web_search|file_search|code_interpreter|image_generation|mcp|programmatic_tool_calling)/;

export interface ToolUses {
  readonly all: number;
  readonly webSearches: number;
}

export function vendorToolUses(body: JsonObject): ToolUses {
  const types = offeredTools(body)
    .filter(runsAtVendor)
    .map((tool) => textOf(tool['type']) ?? '');
  const all = types.length === 0 ? 0 : (countOf(body['max_tool_calls']) ?? UNBOUNDED_USES);
  return { all, webSearches: types.some((type) => WEB_SEARCH.test(type)) ? all : 0 };
}

export function runsAtVendor(tool: JsonObject): boolean {
  const type = textOf(tool['type']) ?? '';
  if (type === 'tool_search') return tool['execution'] !== 'client';
  if (type === 'shell') {
    const { environment } = tool;
    return isJsonObject(environment) && environment['type'] !== 'local';
  }
  return RUNS_AT_VENDOR.test(type);
}

/** Searching is charged, reading the pages that it found is not. */
export function isWebSearch(item: JsonObject): boolean {
  if (item['type'] !== 'web_search_call') return false;
  const { action } = item;
  return !isJsonObject(action) || action['type'] === 'search' || action['type'] === undefined;
}
