// Owns reading the tools of a Responses request, and which of them it wants called.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalRequest, CanonicalTool, CanonicalToolChoice } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { countOf } from '../observed-answer.ts';
import { objectsOf, textOf } from '../read.ts';
import { type ClientTool, clientTools, isClientTool } from './client-tools.ts';
import { offeredTools } from './offered-tools.ts';

type ToolUse = Pick<CanonicalRequest, 'tools' | 'toolChoice'>;

const WEB_SEARCH = /^web_search/;

export function decodeTools(body: JsonObject, notes: ConversionNotes): ToolUse {
  const own = [...clientTools(body).values()];
  const search = webSearch(body, notes);
  noteOthers(body, notes);
  const choice = body['tool_choice'];
  if (isJsonObject(choice) && choice['type'] === 'allowed_tools') {
    const allowed = objectsOf(choice['tools']);
    const isAllowed = (tool: ClientTool): boolean => allowed.some((one) => names(one, tool));
    const tools = own.filter(isAllowed).map(({ described }) => described);
    const searches = search !== null && allowed.some(({ type }) => isSearch(type));
    return {
      tools: searches ? [...tools, search] : tools,
      toolChoice: choiceOf(choice['mode'], own, notes),
    };
  }
  const tools: CanonicalTool[] = own.map(({ described }) => described);
  return {
    tools: search === null ? tools : [...tools, search],
    toolChoice: choiceOf(choice, own, notes),
  };
}

/** Who forbids the live web means a search in the vendor's own copy of it, which nobody else has. */
function webSearch(
  body: JsonObject,
  notes: ConversionNotes,
): Extract<CanonicalTool, { type: 'web_search' }> | null {
  const tool = offeredTools(body).find(({ type }) => isSearch(type));
  if (tool === undefined) return null;
  if (tool['external_web_access'] === false) {
    notes.drop('tools.web_search');
    return null;
  }
  for (const name of Object.keys(tool)) {
    if (name !== 'type' && name !== 'external_web_access') notes.drop(`tools.web_search.${name}`);
  }
  return { type: 'web_search', maxUses: countOf(body['max_tool_calls']) };
}

/** What only the vendor runs cannot be offered; the answer can do without. */
function noteOthers(body: JsonObject, notes: ConversionNotes): void {
  for (const tool of offeredTools(body)) {
    if (!isClientTool(tool) && !isSearch(tool['type'])) notes.drop(`tools.${textOf(tool['type']) ?? ''}`);
  }
}

function isSearch(type: JsonValue | undefined): boolean {
  return typeof type === 'string' && WEB_SEARCH.test(type);
}

function choiceOf(
  choice: JsonValue | undefined,
  own: readonly ClientTool[],
  notes: ConversionNotes,
): CanonicalToolChoice | null {
  if (choice === undefined || choice === null) return null;
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  if (!isJsonObject(choice)) throw new NotConvertible('tool_choice', 'Input should be a known choice');
  if (isSearch(choice['type'])) {
    notes.downgrade('tool_choice');
    return { type: 'auto' };
  }
  const chosen = own.find((tool) => names(choice, tool));
  if (chosen === undefined) {
    throw new NotConvertible(
      'tool_choice',
      'The tool that it names is not offered, or cannot be used with this model; choose "auto".',
    );
  }
  return { type: 'tool', name: chosen.described.name };
}

/** Tools with a name are named by it, the others by their type. */
function names(choice: JsonObject, { form, name, namespace }: ClientTool): boolean {
  if (choice['type'] !== form) return false;
  const stated = textOf(choice['name']);
  const place = textOf(choice['namespace']);
  return (stated === null || stated === name) && (place === null || place === namespace);
}
