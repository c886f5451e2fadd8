// Decides what the model says: content blocks, stop reason and output tokens, by the markers in the prompt.
import { type JsonObject, objectOf } from '../../json.ts';
import { type Markers, readMarkers } from '../../markers.ts';
import { digest, seededId } from '../../seed.ts';
import { estimateTokens, firstTokens, seededSentence, valueFor, wordsOf } from '../../text.ts';
import { type LastTurn, answerSchema, lastTurn, offeredTool } from './prompt.ts';

export type Block =
  | { type: 'thinking'; text: string; signature: string }
  | { type: 'text'; text: string; pieces: number | undefined }
  | { type: 'tool_use'; id: string; name: string; input: JsonObject };

export interface Composition {
  blocks: Block[];
  stopReason: 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use';
  stopSequence: string | null;
  /** Thinking included. */
  outputTokens: number;
  thinkingTokens: number;
  paceMs: number | undefined;
}

interface Text {
  text: string;
  tokens: number;
  stopReason: Composition['stopReason'];
  stopSequence: string | null;
}

/** `seed` stands for the whole request: the same seed and body give the same composition. */
export function compose(body: unknown, seed: string): Composition {
  const turn = lastTurn(body);
  const markers = readMarkers(turn.text);
  const blocks: Block[] = [];
  let thinkingTokens = 0;
  if (markers.think !== undefined) {
    thinkingTokens = estimateTokens(markers.think);
    blocks.push(thinkingBlock(body, markers.think));
  }
  const tool = toolBlock(body, turn, markers, seed);
  const said = limited(body, spokenText(body, turn, markers, tool, seed), markers);
  if (said.text !== '') blocks.push({ type: 'text', text: said.text, pieces: markers.deltas });
  const callsTool = tool !== null && said.stopReason === 'end_turn';
  if (callsTool) blocks.push(tool);
  const toolTokens = callsTool ? estimateTokens(JSON.stringify(tool.input)) + estimateTokens(tool.name) : 0;
  return {
    blocks,
    stopReason: callsTool ? 'tool_use' : said.stopReason,
    stopSequence: said.stopSequence,
    outputTokens: thinkingTokens + said.tokens + toolTokens,
    thinkingTokens,
    paceMs: markers.paceMs,
  };
}

function thinkingBlock(body: unknown, thought: string): Block {
  const omitted = objectOf(objectOf(body)['thinking'])['display'] === 'omitted';
  const signature = `EqQB${Buffer.from(digest(`signature ${thought}`).repeat(3)).toString('base64')}`;
  return { type: 'thinking', text: omitted ? '' : thought, signature };
}

/** A turn that brings a tool's result never calls a tool again, so that no client goes round in circles. */
function toolBlock(
  body: unknown,
  turn: LastTurn,
  markers: Markers,
  seed: string,
): (Block & { type: 'tool_use' }) | null {
  if (markers.tool === undefined || turn.toolResult !== null) return null;
  const name = offeredTool(body, markers.tool.name);
  if (name === null) return null;
  return { type: 'tool_use', id: seededId('toolu_', `tool ${seed}`), name, input: markers.tool.input };
}

function spokenText(
  body: unknown,
  turn: LastTurn,
  markers: Markers,
  tool: Block | null,
  seed: string,
): string {
  const schema = answerSchema(body);
  if (schema !== null) return JSON.stringify(valueFor(schema, markers.say ?? 'Check of the relay'));
  if (markers.say !== undefined) return markers.say;
  if (markers.model) return String(objectOf(body)['model']);
  if (markers.tokens !== undefined) return wordsOf(markers.tokens, seed);
  if (turn.toolResult !== null) return `The tool answered: ${turn.toolResult}`;
  if (tool !== null) return 'I will run it.';
  if (markers.tool !== undefined) return `There is no tool named ${markers.tool.name} here.`;
  return markers.deltas === undefined ? seededSentence(seed) : wordsOf(markers.deltas, seed);
}

/** Stop sequences and `max_tokens` end a text where they would end the model's. */
function limited(body: unknown, text: string, markers: Markers): Text {
  const source = objectOf(body);
  const sequence = firstStopSequence(text, source['stop_sequences']);
  const spoken = sequence === null ? text : text.slice(0, text.indexOf(sequence));
  const counted = markers.tokens !== undefined && markers.say === undefined && sequence === null;
  const tokens = counted ? (markers.tokens ?? 0) : estimateTokens(spoken);
  const maxTokens = Number(source['max_tokens'] ?? Number.POSITIVE_INFINITY);
  if (tokens > maxTokens) {
    const kept = counted ? spoken.split(' ').slice(0, maxTokens).join(' ') : firstTokens(spoken, maxTokens);
    return { text: kept, tokens: maxTokens, stopReason: 'max_tokens', stopSequence: null };
  }
  return {
    text: spoken,
    tokens,
    stopReason: sequence === null ? 'end_turn' : 'stop_sequence',
    stopSequence: sequence,
  };
}

function firstStopSequence(text: string, sequences: unknown): string | null {
  if (!Array.isArray(sequences)) return null;
  let first: string | null = null;
  for (const sequence of sequences) {
    if (typeof sequence !== 'string' || sequence === '' || !text.includes(sequence)) continue;
    if (first === null || text.indexOf(sequence) < text.indexOf(first)) first = sequence;
  }
  return first;
}
