// Owns reading Google's contents into messages: parts become blocks, results find the calls they belong to.
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readSignature } from '../foreign-signature.ts';
import { decodeMedia } from './decode-media.ts';
import { member, objectIn, objectOf, objectsIn, textIn } from './read.ts';
import { SKIPPED_SIGNATURE } from './skipped-signature.ts';

type ToolCall = Extract<CanonicalBlock, { type: 'tool_call' }>;

export function decodeContents(
  contents: readonly JsonObject[],
  path: string,
  notes: ConversionNotes,
): CanonicalMessage[] {
  const calls = new OpenCalls();
  return contents.flatMap((content, index) => {
    const role = textIn(content, 'role') === 'model' ? 'assistant' : 'user';
    const blocks = objectsIn(content, 'parts').flatMap((part, place) =>
      decodePart(part, { path: `${path}.${index}.parts.${place}`, place: `${index}_${place}`, calls, notes }),
    );
    const joined = joinThoughts(blocks);
    return joined.length === 0 ? [] : [{ role, content: joined }];
  });
}

interface PartContext {
  readonly path: string;
  /** Of the part in the request. */
  readonly place: string;
  readonly calls: OpenCalls;
  readonly notes: ConversionNotes;
}

function decodePart(part: JsonObject, context: PartContext): CanonicalBlock[] {
  const { path, calls, notes } = context;
  const text = textIn(part, 'text');
  if (text !== null) return member(part, 'thought') === true ? [thoughtOf(part, text)] : textBlock(text);
  const call = member(part, 'functionCall');
  if (call !== undefined) return [calls.open(callOf(part, objectOf(call), context))];
  const result = member(part, 'functionResponse');
  if (result !== undefined) return [resultOf(objectOf(result), context)];
  const media = decodeMedia(part, path);
  if (media !== null) return [media];
  const code = member(part, 'executableCode');
  const codeResult = member(part, 'codeExecutionResult');
  if (code !== undefined || codeResult !== undefined) {
    notes.downgrade(code === undefined ? 'codeExecutionResult' : 'executableCode');
    return textBlock(textIn(objectOf(code), 'code') ?? textIn(objectOf(codeResult), 'output') ?? '');
  }
  // A signature that stands alone says nothing to others; anything else may be what the request is about.
  const [unknown] = Object.keys(part).filter((name) => !/^(?:thought|thought_?[sS]ignature)$/.test(name));
  if (unknown === undefined) return [];
  throw new NotConvertible(`${path}.${unknown}`, `${unknown} cannot be sent to this model; leave it out.`);
}

function textBlock(text: string): CanonicalBlock[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

/** A foreign thought without a word was hidden when it was made. */
function thoughtOf(part: JsonObject, text: string): CanonicalBlock {
  const signed = textIn(part, 'thoughtSignature');
  const signature = signed === null ? null : readSignature(signed, 'gemini');
  if (text === '' && signature !== null) return { type: 'hidden_thinking', signature };
  return { type: 'thinking', text, signature };
}

/** A thought and its proof come as two parts where they were streamed. */
function joinThoughts(blocks: readonly CanonicalBlock[]): CanonicalBlock[] {
  const joined: CanonicalBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const isOpen = last?.type === 'thinking' && last.signature === null;
    if (isOpen && block.type === 'hidden_thinking') {
      joined.splice(-1, 1, { ...last, signature: block.signature });
    } else if (isOpen && block.type === 'thinking') {
      joined.splice(-1, 1, { ...block, text: last.text + block.text });
    } else joined.push(block);
  }
  return joined.filter((block) => block.type !== 'thinking' || block.text !== '');
}

function callOf(part: JsonObject, call: JsonObject, { path, place }: PartContext): ToolCall {
  const name = textIn(call, 'name');
  if (name === null || name === '') {
    throw new NotConvertible(`${path}.functionCall.name`, 'Field required, a name');
  }
  const signed = textIn(part, 'thoughtSignature');
  return {
    type: 'tool_call',
    id: textIn(call, 'id') ?? `call_${place}`,
    name,
    input: objectIn(call, 'args'),
    ...(signed === null || signed === SKIPPED_SIGNATURE
      ? {}
      : { signature: readSignature(signed, 'gemini') }),
  };
}

function resultOf(result: JsonObject, { path, place, calls }: PartContext): CanonicalBlock {
  const response = objectIn(result, 'response');
  const error = member(response, 'error');
  const isError = error !== undefined && member(response, 'output') === undefined;
  const output = isError ? error : (member(response, 'output') ?? response);
  const media = objectsIn(result, 'parts').flatMap((part, index) => {
    const block = decodeMedia(part, `${path}.functionResponse.parts.${index}`);
    return block === null ? [] : [block];
  });
  return {
    type: 'tool_result',
    callId: calls.answer(textIn(result, 'id'), textIn(result, 'name') ?? '') ?? `call_${place}`,
    content: [...textBlock(textOf(output)), ...media],
    isError,
  };
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Google's clients may leave ids out: then the oldest open call of that name is meant. */
class OpenCalls {
  #open: ToolCall[] = [];

  open(call: ToolCall): ToolCall {
    this.#open.push(call);
    return call;
  }

  /** Id of the call; null where there is none. */
  answer(id: string | null, name: string): string | null {
    const call =
      this.#open.find((open) => open.id === id) ??
      this.#open.find((open) => open.name === name && id === null);
    this.#open = this.#open.filter((open) => open !== call);
    return call?.id ?? id;
  }
}
