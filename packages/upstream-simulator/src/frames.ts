// Turns an answer and its fault into the exact chunks to send and the way to end: pure, no sockets.
import type { Chunking, Fault } from './faults.ts';
import type { Recording } from './recordings.ts';
import type { StreamEvent, TokenCounts } from './vendors/vendor.ts';

export interface Frame {
  bytes: Buffer;
  tokens?: TokenCounts | undefined;
  paced: boolean;
}

export type Ending = 'complete' | 'error_event' | 'clean_end' | 'cut' | 'stall';

interface Chunk {
  bytes: Buffer;
  paced: boolean;
  /** How many events are out, whole, once this chunk is. */
  eventsDone: number;
}

export interface Plan {
  chunks: Chunk[];
  frames: readonly Frame[];
  ending: Ending;
  /** Explicit chunking: every chunk goes to the network on its own. */
  spaced: boolean;
}

export function framesOfEvents(events: readonly StreamEvent[], fault: Fault | null): Frame[] {
  return events.map(({ name, data, tokens, paced = false, crlf = false, comment = false, bytes }) => {
    if (bytes !== undefined) return { bytes, tokens, paced };
    const lineEnd = crlf || fault?.crlf === true ? '\r\n' : '\n';
    const comments = comment || fault?.comments === true ? `: keep-alive${lineEnd}${lineEnd}` : '';
    const head = name === null ? '' : `event: ${name}${lineEnd}`;
    return { bytes: Buffer.from(`${comments}${head}data: ${data}${lineEnd}${lineEnd}`), tokens, paced };
  });
}

export function framesOfRecording(recording: Recording): Frame[] {
  let start = 0;
  return recording.eventEnds.map((end, index) => {
    const bytes = recording.bytes.subarray(start, end);
    start = end;
    const last = index === recording.eventEnds.length - 1;
    return { bytes, tokens: last ? recording.tokens : undefined, paced: true };
  });
}

type Stop = readonly [ending: Ending, events: number];

export function planStream(
  whole: readonly Frame[],
  fault: Fault | null,
  errorFrame: Frame | null,
  chunkPlans?: Recording['chunkPlans'],
): Plan {
  let frames = whole;
  let ending: Ending = 'complete';
  if (fault?.errorEvent !== undefined && errorFrame !== null) {
    frames = [...frames.slice(0, fault.errorEvent), errorFrame];
    ending = 'error_event';
  }
  for (const [stop, events] of stopsOf(fault)) {
    frames = frames.slice(0, events);
    ending = stop;
  }
  const plan = { chunks: chunksOf(frames, fault, chunkPlans), frames, ending, spaced: isSpaced(fault) };
  return fault?.cutBytes === undefined ? plan : stopAt(plan, fault.cutBytes, 'cut');
}

/** A body that is no stream has no events to stop after: a stop at 0 sends none of it, any other one half. */
export function planBody(frames: readonly Frame[], fault: Fault | null): Plan {
  const chunks = chunksOf(frames, fault);
  let plan: Plan = { chunks, frames, ending: 'complete', spaced: isSpaced(fault) };
  const half = Math.floor(frames.reduce((sum, frame) => sum + frame.bytes.length, 0) / 2);
  for (const [stop, events] of stopsOf(fault)) plan = stopAt(plan, events === 0 ? 0 : half, stop);
  return fault?.cutBytes === undefined ? plan : stopAt(plan, fault.cutBytes, 'cut');
}

function stopsOf(fault: Fault | null): Stop[] {
  const stops: [Ending, number | undefined][] = [
    ['clean_end', fault?.cleanEnd],
    ['stall', fault?.stall],
    ['cut', fault?.cut],
  ];
  return stops.flatMap(([ending, events]) => (events === undefined ? [] : [[ending, events] as const]));
}

function isSpaced(fault: Fault | null): boolean {
  return fault?.offsets !== undefined || (fault?.chunking !== undefined && fault.chunking !== 'whole');
}

function chunksOf(frames: readonly Frame[], fault: Fault | null, plans?: Recording['chunkPlans']): Chunk[] {
  const chunking = fault?.chunking ?? 'per-event';
  if (fault?.offsets === undefined && chunking === 'per-event') {
    return frames.map(({ bytes, paced }, index) => ({ bytes, paced, eventsDone: index + 1 }));
  }
  const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
  const chunks: Chunk[] = [];
  let start = 0;
  let eventsDone = 0;
  let eventEnd = frames[0]?.bytes.length ?? 0;
  for (const end of chunkEnds(bytes.length, fault?.offsets, chunking, plans)) {
    while (eventsDone < frames.length && eventEnd <= end) {
      eventsDone += 1;
      eventEnd += frames[eventsDone]?.bytes.length ?? 0;
    }
    chunks.push({ bytes: bytes.subarray(start, end), paced: true, eventsDone });
    start = end;
  }
  return chunks;
}

/** Rising, inside the body, the last one its length. */
function chunkEnds(
  length: number,
  offsets: readonly number[] | undefined,
  chunking: Chunking,
  plans: Recording['chunkPlans'] | undefined,
): number[] {
  const [kind, value = ''] = chunking.split(':');
  let wanted = offsets ?? (kind === 'plan' ? (plans?.get(value) ?? []) : []);
  if (offsets === undefined && kind === 'bytes') {
    const size = Math.max(1, Number(value));
    wanted = Array.from({ length: Math.ceil(length / size) }, (_, index) => (index + 1) * size);
  }
  const inside = [...new Set(wanted)].filter((end) => end > 0 && end < length).toSorted((a, b) => a - b);
  return length === 0 ? inside : [...inside, length];
}

/** `eventsDone` of the chunk that is cut counts only the events that fit whole. */
function stopAt(plan: Plan, limit: number, ending: Ending): Plan {
  const chunks: Chunk[] = [];
  let sent = 0;
  for (const chunk of plan.chunks) {
    if (sent + chunk.bytes.length <= limit) {
      chunks.push(chunk);
      sent += chunk.bytes.length;
      continue;
    }
    const bytes = chunk.bytes.subarray(0, limit - sent);
    if (bytes.length > 0) chunks.push({ ...chunk, bytes, eventsDone: eventsWithin(plan.frames, limit) });
    break;
  }
  return { ...plan, chunks, ending };
}

function eventsWithin(frames: readonly Frame[], limit: number): number {
  let bytes = 0;
  const over = frames.findIndex((frame) => (bytes += frame.bytes.length) > limit);
  return over === -1 ? frames.length : over;
}
