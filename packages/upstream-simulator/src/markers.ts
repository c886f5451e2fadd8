// Markers in a prompt steer the answer, because a real client can be steered by nothing else.
import { type JsonObject, isObject, parseJson } from './json.ts';

export interface ToolMarker {
  name: string;
  input: JsonObject;
}

export interface Markers {
  say?: string;
  think?: string;
  tool?: ToolMarker;
  tokens?: number;
  deltas?: number;
  paceMs?: number;
  /** Answer the name of the model. */
  model: boolean;
}

const SHORT_MARKER = /\[\[(say|bash|think|tokens|deltas|pace|model)(?::([\s\S]*?))?\]\]/gu;
const WORD_PROMPT = /[Rr]eply with (?:only )?the word ["'`]?([\p{L}\p{N}_-]+)/u;
const FAULT_MARKER = /\[\[fault:([\s\S]*?)\]\]/u;
const TOOL_MARKER = '[[tool:';

export function readMarkers(prompt: string): Markers {
  const markers: Markers = { model: false };
  if (prompt.includes('[[')) {
    for (const [, name, value = ''] of prompt.matchAll(SHORT_MARKER)) setMarker(markers, name ?? '', value);
    const tool = readToolMarker(prompt);
    if (tool !== null) markers.tool = tool;
  }
  if (markers.say === undefined) {
    const word = WORD_PROMPT.exec(prompt)?.[1];
    if (word !== undefined) markers.say = word;
  }
  return markers;
}

/** The fields of a `[[fault:…]]` marker, for example `status=529,times=1`. */
export function readFaultMarker(prompt: string): string | null {
  return FAULT_MARKER.exec(prompt)?.[1] ?? null;
}

function setMarker(markers: Markers, name: string, value: string): void {
  switch (name) {
    case 'say':
      markers.say = value;
      break;
    case 'think':
      markers.think = value;
      break;
    case 'bash':
      markers.tool = { name: 'Bash', input: { command: value } };
      break;
    case 'model':
      markers.model = true;
      break;
    case 'tokens':
    case 'deltas':
      markers[name] = countOf(value);
      break;
    case 'pace':
      markers.paceMs = countOf(value);
      break;
    default:
  }
}

function countOf(value: string): number {
  return Math.max(0, Math.min(1_000_000, Math.trunc(Number(value)) || 0));
}

/** The JSON may contain `]]` itself, so every end is tried until the text parses. */
function readToolMarker(prompt: string): ToolMarker | null {
  const start = prompt.indexOf(TOOL_MARKER);
  if (start === -1) return null;
  for (let end = prompt.indexOf(']]', start); end !== -1; end = prompt.indexOf(']]', end + 1)) {
    const inner = prompt.slice(start + TOOL_MARKER.length, end).trim();
    const space = inner.search(/\s/u);
    const name = space === -1 ? inner : inner.slice(0, space);
    const input = space === -1 ? {} : parseJson(inner.slice(space));
    if (isObject(input)) return { name, input };
  }
  return null;
}
