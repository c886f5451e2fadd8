// Owns saying messages as Google's contents: turns that alternate, each turn of calls followed by one result for each.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, MediaSource } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { isGoogleUri } from './media.ts';
import { SKIPPED_SIGNATURE } from './skipped-signature.ts';
import { generationOf } from './thinking.ts';

type Block<Type extends CanonicalBlock['type']> = Extract<CanonicalBlock, { type: Type }>;
interface PlacedBlock {
  readonly block: CanonicalBlock;
  /** In the client's body. */
  readonly path: string;
}
interface Turn {
  readonly role: 'user' | 'model';
  readonly blocks: PlacedBlock[];
}

export function encodeContents(
  messages: readonly CanonicalMessage[],
  model: string,
  notes: ConversionNotes,
): JsonObject[] {
  const turns = withResultTurns(turnsOf(messages, notes));
  const takesMediaInResults = generationOf(model) >= 3;
  return turns.flatMap(({ role, blocks }, index) => {
    const calls = role === 'user' ? callsOf(turns[index - 1]) : [];
    const parts =
      role === 'model' ? modelParts(blocks, notes) : userParts(blocks, { calls, takesMediaInResults, notes });
    return parts.length === 0 ? [] : [{ role, parts }];
  });
}

/** Neighbours of one role are one turn; what the system says in between has no role of its own here. */
function turnsOf(messages: readonly CanonicalMessage[], notes: ConversionNotes): Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system') notes.downgrade('messages.role');
    const role = message.role === 'assistant' ? 'model' : 'user';
    const blocks = message.content.map((block, place) => ({
      block,
      path: `messages.${index}.content.${place}`,
    }));
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

/** A turn of calls at the very end has nobody to answer it yet. */
function withResultTurns(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.at(-1);
  return last?.role === 'model' && callsOf(last).length > 0
    ? [...turns, { role: 'user', blocks: [] }]
    : turns;
}

function callsOf(turn: Turn | undefined): Block<'tool_call'>[] {
  return (turn?.blocks ?? []).flatMap(({ block }) => (block.type === 'tool_call' ? [block] : []));
}

function modelParts(blocks: readonly PlacedBlock[], notes: ConversionNotes): JsonObject[] {
  // Of several calls at once Google signs the first one only.
  let isSigned = false;
  return blocks.flatMap(({ block, path }): JsonObject[] => {
    noteCacheControl(block, notes);
    switch (block.type) {
      case 'text':
        return textParts(block.text);
      case 'thinking':
        return block.signature?.vendor === 'gemini' && block.text !== ''
          ? [{ text: block.text, thought: true, thoughtSignature: block.signature.value }]
          : [];
      case 'hidden_thinking':
        return [];
      case 'tool_call': {
        const own = block.signature?.vendor === 'gemini' ? block.signature.value : null;
        const signature = own ?? (isSigned ? null : SKIPPED_SIGNATURE);
        isSigned = true;
        return [
          {
            functionCall: { id: block.id, name: block.name, args: block.input },
            ...(signature === null ? {} : { thoughtSignature: signature }),
          },
        ];
      }
      case 'image':
      case 'document':
      case 'audio':
        return mediaParts(block, path);
      default:
        throw new NotConvertible(path, 'A result of a tool does not belong in an answer.');
    }
  });
}

interface UserContext {
  /** Of the turn before, which this one has to answer. */
  readonly calls: readonly Block<'tool_call'>[];
  readonly takesMediaInResults: boolean;
  readonly notes: ConversionNotes;
}

/** Results first, in the order of their calls. */
function userParts(blocks: readonly PlacedBlock[], context: UserContext): JsonObject[] {
  const { calls, notes } = context;
  const results = new Map<string, { readonly result: Block<'tool_result'>; readonly path: string }>();
  const others: JsonObject[] = [];
  for (const { block, path } of blocks) {
    noteCacheControl(block, notes);
    if (block.type !== 'tool_result') others.push(...contentParts(block, path));
    else if (calls.some(({ id }) => id === block.callId) && !results.has(block.callId)) {
      results.set(block.callId, { result: block, path });
    } else others.push(...strayResult(block, path));
  }
  const answers = calls.map(({ id, name }) => {
    const found = results.get(id);
    return found === undefined
      ? { own: missingResult(id, name), beside: [] }
      : resultParts(found.result, found.path, { name, ...context });
  });
  return [
    ...answers.map(({ own }): JsonObject => ({ functionResponse: own })),
    ...answers.flatMap(({ beside }) => beside),
    ...others,
  ];
}

function contentParts(block: CanonicalBlock, path: string): JsonObject[] {
  switch (block.type) {
    case 'text':
      return textParts(block.text);
    case 'image':
    case 'document':
    case 'audio':
      return mediaParts(block, path);
    case 'thinking':
    case 'hidden_thinking':
      return [];
    default:
      throw new NotConvertible(path, 'A call of a tool belongs in an answer.');
  }
}

/** Empty texts are refused by the vendor and say nothing. */
function textParts(text: string): JsonObject[] {
  return text === '' ? [] : [{ text }];
}

function missingResult(id: string, name: string): JsonObject {
  return { id, name, response: { error: 'No result was recorded.' } };
}

/** A result whose call is not in the conversation stays as a text. */
function strayResult(result: Block<'tool_result'>, path: string): JsonObject[] {
  return [
    { text: `Result of the tool call ${result.callId}:` },
    ...result.content.flatMap((block) => contentParts(block, path)),
  ];
}

function resultParts(
  result: Block<'tool_result'>,
  path: string,
  { name, takesMediaInResults }: Pick<UserContext, 'takesMediaInResults'> & { readonly name: string },
): { own: JsonObject; beside: JsonObject[] } {
  const texts = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const media = result.content.flatMap((block) => (block.type === 'text' ? [] : contentParts(block, path)));
  const text = texts.join('\n');
  const response = result.isError ? { error: text } : { output: text };
  const isInside =
    takesMediaInResults && media.length > 0 && media.every((part) => part['inlineData'] !== undefined);
  return {
    own: { id: result.callId, name, response, ...(isInside ? { parts: media } : {}) },
    beside: isInside ? [] : media,
  };
}

function mediaParts(block: Block<'image' | 'document' | 'audio'>, path: string): JsonObject[] {
  if (block.type === 'audio') return [{ inlineData: { mimeType: block.mediaType, data: block.data } }];
  const { source } = block;
  if (source.type === 'text') {
    const title = block.type === 'document' && block.title !== null ? `${block.title}\n\n` : '';
    return textParts(`${title}${source.text}`);
  }
  return [sourcePart(source, block.type, path)];
}

function sourcePart(source: MediaSource, type: 'image' | 'document', path: string): JsonObject {
  if (source.type === 'base64') return { inlineData: { mimeType: source.mediaType, data: source.data } };
  if (!isGoogleUri(source.url)) {
    throw new NotConvertible(
      `${path}.source.url`,
      'This model reads no addresses of the web; send the data itself (base64).',
    );
  }
  return {
    fileData: { fileUri: source.url, ...(type === 'document' ? { mimeType: 'application/pdf' } : {}) },
  };
}

function noteCacheControl(block: CanonicalBlock, notes: ConversionNotes): void {
  if ('cacheControl' in block && block.cacheControl !== undefined) notes.drop('cache_control');
}
