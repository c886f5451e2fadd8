// Owns reading the items of a Responses request into turns: instructions apart, what the model made in one turn together.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, CanonicalRequest, Signature } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readSignature } from '../foreign-signature.ts';
import { isJsonList, objectsOf, textOf } from '../read.ts';
import { callForms, formsByItem } from './call-forms.ts';
import { joinedName } from './client-tools.ts';
import { decodeContent } from './decode-content.ts';

/** What tools at the vendor did: their findings are in the texts that followed. */
const DONE_AT_VENDOR =
  /^(?:web_search|file_search|code_interpreter|image_generation|mcp)_|^program(?:_output)?$/;

export function decodeInput(
  body: JsonObject,
  notes: ConversionNotes,
): Pick<CanonicalRequest, 'system' | 'messages'> {
  const { input } = body;
  const turns = new Turns();
  const instructions = textOf(body['instructions']);
  if (instructions !== null) turns.add('system', [{ type: 'text', text: instructions }]);
  const items: readonly JsonValue[] =
    typeof input === 'string' ? [{ role: 'user', content: input }] : isJsonList(input) ? input : [];
  for (const [index, item] of items.entries()) {
    const path = `input.${index}`;
    if (!isJsonObject(item)) throw new NotConvertible(path, 'Input should be an object');
    new ItemReader(turns, notes, path).read(item);
  }
  return turns;
}

/** Neighbours of one role are one turn; what the system says before anybody else is apart. */
class Turns {
  readonly system: CanonicalRequest['system'][number][] = [];
  readonly messages: CanonicalMessage[] = [];
  readonly #callIds = new Map<string, string>();
  /** Of the call that comes next, where Google's model signed it; of nothing if something else does. */
  #signature: Signature | null = null;
  #blocks: CanonicalBlock[] = [];

  add(role: CanonicalMessage['role'], blocks: readonly CanonicalBlock[]): void {
    this.#signature = null;
    if (blocks.length === 0) return;
    if (role === 'system' && this.messages.length === 0 && blocks.every(isText)) {
      this.system.push(...blocks);
      return;
    }
    if (this.messages.at(-1)?.role !== role) {
      this.#blocks = [];
      this.messages.push({ role, content: this.#blocks });
    }
    this.#blocks.push(...blocks);
  }

  sign(signature: Signature): void {
    this.#signature = signature;
  }

  call(call: Extract<CanonicalBlock, { type: 'tool_call' }>, itemId: string | null): void {
    if (itemId !== null) this.#callIds.set(itemId, call.id);
    this.add('assistant', [this.#signature === null ? call : { ...call, signature: this.#signature }]);
  }

  /** Results of local shells name the item of their call. */
  callId(item: JsonObject): string {
    const id = textOf(item['call_id']) ?? textOf(item['id']) ?? '';
    return this.#callIds.get(id) ?? id;
  }
}

function isText(block: CanonicalBlock): block is Extract<CanonicalBlock, { type: 'text' }> {
  return block.type === 'text';
}

class ItemReader {
  readonly #turns: Turns;
  readonly #notes: ConversionNotes;
  readonly #path: string;

  constructor(turns: Turns, notes: ConversionNotes, path: string) {
    this.#turns = turns;
    this.#notes = notes;
    this.#path = path;
  }

  read(item: JsonObject): void {
    const type = textOf(item['type']) ?? 'message';
    const form = formsByItem.get(type);
    if (form !== undefined) {
      const { read } = callForms[form];
      const name = joinedName(textOf(item['namespace']), textOf(item['name']) ?? form);
      const id = textOf(item['call_id']) ?? textOf(item['id']) ?? '';
      this.#turns.call({ type: 'tool_call', id, name, input: read(item) }, textOf(item['id']));
      return;
    }
    if (DONE_AT_VENDOR.test(type)) {
      this.#notes.drop(`input.${type}`);
      return;
    }
    switch (type) {
      case 'message':
        this.#message(item);
        return;
      case 'reasoning':
        this.#reasoning(item);
        return;
      case 'function_call_output':
      case 'custom_tool_call_output':
      case 'local_shell_call_output':
        this.#result(item, this.#content(item['output'], 'output'));
        return;
      case 'apply_patch_call_output':
        this.#result(item, this.#content(item['output'], 'output'), item['status'] === 'failed');
        return;
      case 'shell_call_output':
        this.#result(item, [{ type: 'text', text: JSON.stringify(item['output'] ?? []) }]);
        return;
      case 'tool_search_output':
        this.#result(item, [{ type: 'text', text: `Found: ${foundNames(item).join(', ')}` }]);
        return;
      // Its tools are offered with the others.
      case 'additional_tools':
        return;
      // From there on the model was to think or write otherwise; what it said stays as it is.
      case 'configuration_update':
        this.#notes.drop(`input.${type}`);
        return;
      default:
        throw new NotConvertible(
          `${this.#path}.type`,
          `An item of the type ${type} cannot be used with this model; send what it stands for as a message.`,
        );
    }
  }

  #message(item: JsonObject): void {
    const role = textOf(item['role']) ?? '';
    const content = this.#content(item['content'], 'content');
    if (role === 'user' || role === 'assistant') this.#turns.add(role, content);
    else if (role === 'system' || role === 'developer') this.#turns.add('system', content);
    else throw new NotConvertible(`${this.#path}.role`, `The role ${role} cannot be used with this model.`);
  }

  #reasoning(item: JsonObject): void {
    const parts = [...objectsOf(item['summary']), ...objectsOf(item['content'])];
    const encrypted = textOf(item['encrypted_content']);
    const signature = encrypted === null ? null : readSignature(encrypted, 'openai');
    if (parts.length > 0) {
      const text = parts.map((part) => textOf(part['text']) ?? '').join('\n\n');
      this.#turns.add('assistant', [{ type: 'thinking', text, signature }]);
    } else if (signature?.vendor === 'gemini') this.#turns.sign(signature);
    else if (signature !== null) this.#turns.add('assistant', [{ type: 'hidden_thinking', signature }]);
  }

  #result(item: JsonObject, content: readonly CanonicalBlock[], isError = false): void {
    this.#turns.add('user', [{ type: 'tool_result', callId: this.#turns.callId(item), content, isError }]);
  }

  #content(content: JsonValue | undefined, member: string): readonly CanonicalBlock[] {
    return decodeContent(content, `${this.#path}.${member}`, this.#notes);
  }
}

function foundNames(item: JsonObject): string[] {
  return objectsOf(item['tools']).flatMap((tool) => {
    const name = textOf(tool['name']);
    if (tool['type'] !== 'namespace') return name === null ? [] : [name];
    return objectsOf(tool['tools']).flatMap((inner) => {
      const innerName = textOf(inner['name']);
      return innerName === null ? [] : [joinedName(name, innerName)];
    });
  });
}
