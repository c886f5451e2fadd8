// Puts a composition into the shapes of the Responses API: the response and its output items.
import type { Block, Composition } from '../../compose.ts';
import { type JsonObject, listOf, objectOf, stringOf, stringsOf } from '../../json.ts';
import { seededId } from '../../seed.ts';
import type { TokenCounts } from '../vendor.ts';
import { createdAt } from './created-at.ts';
import { offeredTools } from './responses-prompt.ts';
import { responsesUsage } from './usage.ts';

export interface ResponsesAnswer {
  seed: string;
  body: JsonObject;
  said: Composition;
  tokens: TokenCounts;
}

export function responseId(seed: string): string {
  return seededId('resp_', `response ${seed}`);
}

/** A response as it is before anything is said, failed or not. */
export function openResponse(body: JsonObject, seed: string, changes: JsonObject = {}): JsonObject {
  const reasoning = objectOf(body['reasoning']);
  const text = objectOf(body['text']);
  return {
    id: responseId(seed),
    object: 'response',
    created_at: createdAt(seed),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    metadata: body['metadata'] ?? {},
    model: body['model'],
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: { effort: reasoning['effort'] ?? 'medium', summary: reasoning['summary'] ?? null },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: { format: text['format'] ?? { type: 'text' }, verbosity: text['verbosity'] ?? 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: listOf(body['tools']),
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    ...changes,
  };
}

export function wholeResponse(answer: ResponsesAnswer): JsonObject {
  const { seed, body, said, tokens } = answer;
  const cutShort = said.stopReason === 'max_tokens';
  return openResponse(body, seed, {
    status: cutShort ? 'incomplete' : 'completed',
    incomplete_details: cutShort ? { reason: 'max_output_tokens' } : null,
    output: outputItems(answer),
    usage: responsesUsage(tokens, said.thinkingTokens),
    ...(cutShort ? {} : { completed_at: createdAt(seed) + 4 }),
  });
}

export function outputItems({ seed, body, said }: ResponsesAnswer): JsonObject[] {
  return said.blocks.map((block, index) => outputItem(block, `${seed} ${index}`, body, said));
}

function outputItem(block: Block, seed: string, body: JsonObject, said: Composition): JsonObject {
  switch (block.type) {
    case 'thinking': {
      const encrypted = stringsOf(body['include']).includes('reasoning.encrypted_content');
      return {
        id: seededId('rs_', seed),
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: block.text }],
        ...(encrypted ? { encrypted_content: `gAAAAAB${block.signature}` } : {}),
      };
    }
    case 'text':
      return {
        id: seededId('msg_', seed),
        type: 'message',
        status: said.stopReason === 'max_tokens' ? 'incomplete' : 'completed',
        role: 'assistant',
        content: [outputText(block.text)],
      };
    case 'tool_use': {
      const tool = offeredTools(body).find(({ name }) => name === block.name);
      const call = {
        status: 'completed',
        call_id: block.id,
        name: block.name,
        ...(tool === undefined || tool.namespace === null ? {} : { namespace: tool.namespace }),
      };
      return tool?.type === 'custom'
        ? { id: seededId('ctc_', seed), type: 'custom_tool_call', ...call, input: freeInput(block.input) }
        : {
            id: seededId('fc_', seed),
            type: 'function_call',
            ...call,
            arguments: JSON.stringify(block.input),
          };
    }
  }
}

export function outputText(text: string): JsonObject {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

/** The input of a tool that takes text instead of JSON. */
function freeInput(input: JsonObject): string {
  return stringOf(input['input']) || JSON.stringify(input);
}
