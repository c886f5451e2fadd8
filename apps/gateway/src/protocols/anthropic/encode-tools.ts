// Owns saying tools, and how they may be chosen, as Anthropic takes them.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalMessage, CanonicalRequest, CanonicalTool } from '../canonical.ts';
import type { ConversionNotes } from '../codec.ts';
import type { ClaudeTraits } from '../model-traits.ts';
import { cacheControl } from './encode-messages.ts';
import { closedSchema } from './schema.ts';

type FunctionTool = Extract<CanonicalTool, { type: 'function' }>;

interface ToolUse {
  /** Members of the request. */
  readonly members: JsonObject;
  /** The model is made to call a tool, and means it. */
  readonly isForced: boolean;
  /** What the system is to say in place of what the model refuses. */
  readonly sentence: string | null;
}

/** The vendor takes no more of them. */
const MAX_STRICT_TOOLS = 20;

export function encodeToolUse(
  request: CanonicalRequest,
  traits: ClaudeTraits,
  notes: ConversionNotes,
): ToolUse {
  const { toolChoice: wanted, parallelToolCalls } = request;
  const tools = encodeTools(request, traits, notes);
  if (tools.length === 0) {
    // Calls in the conversation need tools to be of, even where there are none any more.
    const past = pastTools(request.messages);
    const members = past.length === 0 ? {} : { tools: past, tool_choice: { type: 'none' } };
    return { members, isForced: false, sentence: null };
  }
  const isWanted = wanted?.type === 'any' || wanted?.type === 'tool';
  const isForced = isWanted && traits.takesForcedTools;
  const choice: JsonObject | null =
    isWanted && !isForced ? { type: 'auto' } : wanted === null ? null : { ...wanted };
  if (isWanted && !isForced) notes.downgrade('tool_choice');
  return {
    members: { tools, ...toolChoice(choice, parallelToolCalls) },
    isForced,
    sentence: isWanted && !isForced ? forcingSentence(wanted) : null,
  };
}

function toolChoice(choice: JsonObject | null, parallelToolCalls: boolean | null): JsonObject {
  if (parallelToolCalls !== false || choice?.['type'] === 'none') {
    return choice === null ? {} : { tool_choice: choice };
  }
  return { tool_choice: { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true } };
}

function forcingSentence(choice: NonNullable<CanonicalRequest['toolChoice']>): string {
  return choice.type === 'tool'
    ? `Call the tool ${choice.name} in this answer.`
    : 'Call one of the tools in this answer.';
}

function encodeTools(request: CanonicalRequest, traits: ClaudeTraits, notes: ConversionNotes): JsonObject[] {
  const strict = request.tools.filter((tool) => tool.type === 'function' && tool.strict === true);
  const takesStrict = traits.takesSchemas && strict.length <= MAX_STRICT_TOOLS;
  return request.tools.map((tool) => {
    if (tool.type === 'function') return functionTool(tool, takesStrict, notes);
    return {
      type: 'web_search_20250305',
      name: 'web_search',
      ...(tool.maxUses === null ? {} : { max_uses: tool.maxUses }),
    };
  });
}

function functionTool(tool: FunctionTool, takesStrict: boolean, notes: ConversionNotes): JsonObject {
  const closed = tool.strict === true && takesStrict ? closedSchema(tool.inputSchema) : null;
  if (tool.strict === true && closed === null) notes.downgrade('tools.strict');
  return {
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    // An object is all that calls can have; some clients leave it unsaid.
    input_schema: { type: 'object', ...(closed ?? tool.inputSchema) },
    ...(closed === null ? {} : { strict: true }),
    ...cacheControl(tool),
  };
}

function pastTools(messages: readonly CanonicalMessage[]): JsonObject[] {
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const block of content) if (block.type === 'tool_call') names.add(block.name);
  }
  return [...names].map((name) => ({ name, input_schema: { type: 'object' } }));
}
