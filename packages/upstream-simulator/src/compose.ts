// Decides what a model says: content blocks, stop reason and output tokens, by the markers in the prompt.
import type { JsonObject } from './json.ts';
import { type Markers, type ToolMarker, readMarkers } from './markers.ts';
import { digest, seededId } from './seed.ts';
import { estimateTokens, firstTokens, seededSentence, valueFor, wordsOf } from './text.ts';

/** A request in no vendor's words. */
export interface Ask {
  model: string;
  /** What the user said last. */
  text: string;
  /** The contents of the tool results that came with it; `null` if there are none. */
  toolResult: string | null;
  /** Names of the tools offered. */
  tools: readonly string[];
  /** Of the tool calls' ids, for example `call_`. */
  toolIdPrefix: string;
  /** The schema that the answer has to follow. */
  schema: JsonObject | null;
  stopSequences: readonly string[];
  /** Infinity where the request does not say. */
  maxTokens: number;
  /** The client wants to see none of the thinking. */
  thinkingHidden: boolean;
}

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

/** Other clients' names for the shell, and how each takes the command. */
const SHELLS: readonly { tool: RegExp; input: (command: unknown) => JsonObject }[] = [
  { tool: /^exec_command$/u, input: (cmd) => ({ cmd }) },
  { tool: /^(?:run_shell|shell)_command$/u, input: (command) => ({ command }) },
  // Codex has the newest models write programs; as a function of another vendor's model it is in a group's name.
  {
    tool: /^(?:functions__)?exec$/u,
    input: (cmd) => ({ input: `text((await tools.exec_command(${JSON.stringify({ cmd })})).output)` }),
  },
];

interface Text {
  text: string;
  tokens: number;
  stopReason: Composition['stopReason'];
  stopSequence: string | null;
}

/** `seed` stands for the whole request: the same seed and request give the same composition. */
export function compose(ask: Ask, seed: string): Composition {
  const markers = readMarkers(ask.text);
  const blocks: Block[] = [];
  let thinkingTokens = 0;
  if (markers.think !== undefined) {
    thinkingTokens = estimateTokens(markers.think);
    blocks.push(thinkingBlock(ask, markers.think));
  }
  const tool = toolBlock(ask, markers, seed);
  const said = limited(ask, spokenText(ask, markers, tool, seed), markers);
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

/** How long a model that pauses before each of so many pieces works on the whole. */
export function workMs(said: Composition, paceMs: number, piecesOfBlock: (block: Block) => number): number {
  if (paceMs === 0) return 0;
  return paceMs * said.blocks.reduce((pieces, block) => pieces + piecesOfBlock(block), 0);
}

function thinkingBlock(ask: Ask, thought: string): Block {
  const signature = Buffer.from(digest(`signature ${thought}`).repeat(3)).toString('base64');
  return { type: 'thinking', text: ask.thinkingHidden ? '' : thought, signature };
}

/** A turn that brings a tool's result never calls a tool again, so that no client goes round in circles. */
function toolBlock(ask: Ask, markers: Markers, seed: string): (Block & { type: 'tool_use' }) | null {
  if (markers.tool === undefined || ask.toolResult !== null) return null;
  const called = offeredTool(ask.tools, markers.tool);
  return called === null
    ? null
    : { type: 'tool_use', id: seededId(ask.toolIdPrefix, `tool ${seed}`), ...called };
}

/** The tool by its own spelling, or the shell by the name that it has with other clients. */
function offeredTool(tools: readonly string[], wanted: ToolMarker): ToolMarker | null {
  const name = tools.find((offered) => offered.toLowerCase() === wanted.name.toLowerCase());
  if (name !== undefined) return { name, input: wanted.input };
  if (wanted.name !== 'Bash') return null;
  for (const { tool, input } of SHELLS) {
    const shell = tools.find((offered) => tool.test(offered));
    if (shell !== undefined) return { name: shell, input: input(wanted.input['command']) };
  }
  return null;
}

function spokenText(ask: Ask, markers: Markers, tool: Block | null, seed: string): string {
  if (ask.schema !== null) return JSON.stringify(valueFor(ask.schema, markers.say ?? 'Check of the relay'));
  if (markers.say !== undefined) return markers.say;
  if (markers.model) return ask.model;
  if (markers.tokens !== undefined) return wordsOf(markers.tokens, seed);
  if (ask.toolResult !== null) return `The tool answered: ${ask.toolResult}`;
  if (tool !== null) return 'I will run it.';
  if (markers.tool !== undefined) return `There is no tool named ${markers.tool.name} here.`;
  return markers.deltas === undefined ? seededSentence(seed) : wordsOf(markers.deltas, seed);
}

/** Stop sequences and the limit of tokens end a text where they would end the model's. */
function limited(ask: Ask, text: string, markers: Markers): Text {
  const sequence = firstStopSequence(text, ask.stopSequences);
  const spoken = sequence === null ? text : text.slice(0, text.indexOf(sequence));
  const counted = markers.tokens !== undefined && markers.say === undefined && sequence === null;
  const tokens = counted ? (markers.tokens ?? 0) : estimateTokens(spoken);
  if (tokens > ask.maxTokens) {
    const kept = counted
      ? spoken.split(' ').slice(0, ask.maxTokens).join(' ')
      : firstTokens(spoken, ask.maxTokens);
    return { text: kept, tokens: ask.maxTokens, stopReason: 'max_tokens', stopSequence: null };
  }
  return {
    text: spoken,
    tokens,
    stopReason: sequence === null ? 'end_turn' : 'stop_sequence',
    stopSequence: sequence,
  };
}

function firstStopSequence(text: string, sequences: readonly string[]): string | null {
  let first: string | null = null;
  for (const sequence of sequences) {
    if (sequence === '' || !text.includes(sequence)) continue;
    if (first === null || text.indexOf(sequence) < text.indexOf(first)) first = sequence;
  }
  return first;
}
