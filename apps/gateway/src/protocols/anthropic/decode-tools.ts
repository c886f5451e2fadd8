// Owns reading the tools of an Anthropic request, and how they may be chosen.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalRequest, CanonicalTool, CanonicalToolChoice } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { numberOf, textOf } from '../read.ts';
import { cacheControlOf } from './decode-messages.ts';

/** Members of a function that are of use to Anthropic's own service only. */
const FUNCTION_EXTRAS = ['defer_loading', 'input_examples', 'allowed_callers'] as const;
const SEARCH_EXTRAS = ['allowed_domains', 'blocked_domains', 'user_location'] as const;

export function decodeTools(tools: readonly JsonObject[], notes: ConversionNotes): CanonicalTool[] {
  return tools.flatMap((tool, index): CanonicalTool[] => {
    const type = textOf(tool['type']) ?? 'custom';
    if (type === 'custom') return [functionTool(tool, `tools.${index}`, notes)];
    if (type.startsWith('web_search_')) {
      for (const name of SEARCH_EXTRAS) noteExtra(tool, name, notes);
      return [{ type: 'web_search', maxUses: numberOf(tool['max_uses']) }];
    }
    if (type.startsWith('tool_search_')) {
      // It finds tools that are not shown at once; here all of them are.
      notes.drop(type);
      return [];
    }
    throw new NotConvertible(
      `tools.${index}.type`,
      `${type} is a tool of Anthropic's own; describe it as a custom tool for this model, or leave it out.`,
    );
  });
}

function functionTool(tool: JsonObject, path: string, notes: ConversionNotes): CanonicalTool {
  const name = textOf(tool['name']);
  if (name === null) throw new NotConvertible(`${path}.name`, 'Field required, a name');
  for (const extra of FUNCTION_EXTRAS) noteExtra(tool, extra, notes);
  const { input_schema: schema, strict } = tool;
  return {
    type: 'function',
    name,
    description: textOf(tool['description']),
    inputSchema: isJsonObject(schema) ? schema : { type: 'object', properties: {} },
    strict: typeof strict === 'boolean' ? strict : null,
    ...cacheControlOf(tool),
  };
}

function noteExtra(tool: JsonObject, name: string, notes: ConversionNotes): void {
  const value = tool[name];
  if (value !== undefined && value !== null && value !== false) notes.drop(`tools.${name}`);
}

export function decodeToolChoice(
  choice: JsonValue | undefined,
): Pick<CanonicalRequest, 'toolChoice' | 'parallelToolCalls'> {
  if (!isJsonObject(choice)) return { toolChoice: null, parallelToolCalls: null };
  const single = choice['disable_parallel_tool_use'];
  return {
    toolChoice: toolChoiceOf(choice),
    parallelToolCalls: typeof single === 'boolean' ? !single : null,
  };
}

function toolChoiceOf(choice: JsonObject): CanonicalToolChoice {
  const { type } = choice;
  if (type === 'auto' || type === 'any' || type === 'none') return { type };
  const name = textOf(choice['name']);
  if (type === 'tool' && name !== null) return { type, name };
  throw new NotConvertible('tool_choice', 'Known are auto, any, none, and tool with a name.');
}
