// Owns saying a conversation as items of Responses: messages, calls and results apart, each call with its result.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, MediaSource } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { toolCallId } from '../openai/ids.ts';
import { writeMediaSource } from '../openai/media-source.ts';
import { writeArguments } from '../tool-arguments.ts';

type Block<Type extends CanonicalBlock['type']> = Extract<CanonicalBlock, { type: Type }>;

/** Said for a call whose result the conversation lacks: the vendor refuses a call without one. */
const NO_RESULT = 'No result was recorded.';
const ROLES = { user: 'user', assistant: 'assistant', system: 'developer' } as const;

export function encodeInput(messages: readonly CanonicalMessage[], notes: ConversionNotes): JsonObject[] {
  const items = new Items(callIdsIn(messages), resultIdsIn(messages));
  for (const [index, { role, content }] of messages.entries()) {
    for (const [place, block] of content.entries()) {
      if ('cacheControl' in block && block.cacheControl !== undefined) notes.drop('cache_control');
      items.add(ROLES[role], block, `messages.${index}.content.${place}`);
    }
    items.closeMessage();
  }
  return items.list;
}

function callIdsIn(messages: readonly CanonicalMessage[]): ReadonlySet<string> {
  const blocks = messages.flatMap(({ content }) => content);
  return new Set(blocks.filter((block) => block.type === 'tool_call').map(({ id }) => toolCallId(id)));
}

function resultIdsIn(messages: readonly CanonicalMessage[]): ReadonlySet<string> {
  const blocks = messages.flatMap(({ content }) => content);
  return new Set(
    blocks.filter((block) => block.type === 'tool_result').map(({ callId }) => toolCallId(callId)),
  );
}

class Items {
  readonly list: JsonObject[] = [];
  readonly #calls: ReadonlySet<string>;
  readonly #results: ReadonlySet<string>;
  /** Of the message that is being written. */
  #parts: JsonObject[] | null = null;

  constructor(calls: ReadonlySet<string>, results: ReadonlySet<string>) {
    this.#calls = calls;
    this.#results = results;
  }

  add(role: string, block: CanonicalBlock, path: string): void {
    switch (block.type) {
      case 'tool_call':
        this.closeMessage();
        this.#call(block);
        return;
      case 'tool_result':
        this.#result(block, path);
        return;
      case 'thinking':
      case 'hidden_thinking':
        this.#reasoning(block);
        return;
      default:
        for (const part of role === 'assistant' ? answerParts(block, path) : partsOf(block, path)) {
          this.#part(role, part);
        }
    }
  }

  closeMessage(): void {
    this.#parts = null;
  }

  #part(role: string, part: JsonObject): void {
    if (this.#parts === null) {
      this.#parts = [];
      this.list.push({ type: 'message', role, content: this.#parts });
    }
    this.#parts.push(part);
  }

  #call({ id, name, input }: Block<'tool_call'>): void {
    const callId = toolCallId(id);
    this.list.push({ type: 'function_call', call_id: callId, name, arguments: writeArguments(input) });
    if (!this.#results.has(callId)) this.#output(callId, NO_RESULT);
  }

  #result(result: Block<'tool_result'>, path: string): void {
    const callId = toolCallId(result.callId);
    const parts = result.content.flatMap((block) => partsOf(block, path));
    if (!this.#calls.has(callId)) {
      // A result that nothing asked for: told, since it may be all that is known of it.
      this.#part('user', { type: 'input_text', text: `Result of the tool call ${result.callId}:` });
      for (const part of parts) this.#part('user', part);
      return;
    }
    this.closeMessage();
    const texts = parts.map(({ text }) => text).filter((text) => typeof text === 'string');
    // Items have no place for it, and what went wrong may not be plain from the text.
    const lead = result.isError ? 'Error: ' : '';
    if (texts.length === parts.length) this.#output(callId, `${lead}${texts.join('\n\n')}`);
    else this.#output(callId, lead === '' ? parts : [{ type: 'input_text', text: lead }, ...parts]);
  }

  #output(callId: string, output: string | readonly JsonObject[]): void {
    this.list.push({ type: 'function_call_output', call_id: callId, output });
  }

  /** Thoughts of other vendors cannot be read here. */
  #reasoning(block: Block<'thinking' | 'hidden_thinking'>): void {
    if (block.signature?.vendor !== 'openai') return;
    this.closeMessage();
    const text = block.type === 'thinking' ? block.text : '';
    this.list.push({
      type: 'reasoning',
      summary: text === '' ? [] : [{ type: 'summary_text', text }],
      encrypted_content: block.signature.value,
    });
  }
}

function answerParts(block: CanonicalBlock, path: string): JsonObject[] {
  if (block.type === 'text') return block.text === '' ? [] : [{ type: 'output_text', text: block.text }];
  throw new NotConvertible(path, 'Earlier answers can be text and calls of tools only with this model.');
}

function partsOf(block: CanonicalBlock, path: string): JsonObject[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [{ type: 'input_text', text: block.text }];
    case 'image':
      return [
        {
          type: 'input_image',
          image_url: writeMediaSource(block.source),
          detail: block.detail ?? 'auto',
        },
      ];
    case 'document':
      return [documentPart(block.source, block.title)];
    case 'audio':
      throw new NotConvertible(path, 'This model takes no sound; send its transcript as text.');
    case 'tool_call':
    case 'tool_result':
    case 'thinking':
    case 'hidden_thinking':
      return [];
  }
}

function documentPart(
  source: MediaSource | { readonly type: 'text'; readonly text: string },
  title: string | null,
): JsonObject {
  switch (source.type) {
    case 'text':
      return { type: 'input_text', text: title === null ? source.text : `${title}\n\n${source.text}` };
    case 'url':
      return { type: 'input_file', file_url: source.url };
    case 'base64':
      return { type: 'input_file', filename: title ?? 'document.pdf', file_data: writeMediaSource(source) };
  }
}
