// Owns what Bedrock lays around the answers of the Messages API: binary frames around events, another name for a count.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { withMembers } from '../../platform/json-members.ts';
import type { AnswerConverter } from '../../protocols/protocol.ts';
import { sseEvent } from '../../protocols/sse.ts';
import { parseAnswer } from '../kit/judge.ts';
import { DamagedFrames, type Frame, FrameReader } from './event-stream.ts';
import { anthropicError } from './exceptions.ts';

/** Bedrock's own figures, at the end of the last event. */
const METRICS = 'amazon-bedrock-invocationMetrics';
const NOTHING = Buffer.alloc(0);
/** How every event begins. */
const TYPE = /^\s*\{\s*"type"\s*:\s*"([a-z_]+)"/;

/** Frames to the events of the Messages API, as server-sent events. */
export function eventsOfFrames(): AnswerConverter {
  const reader = new FrameReader();
  let isOver = false;
  return {
    push(chunk) {
      if (isOver) return NOTHING;
      const events: string[] = [];
      try {
        for (const frame of reader.push(chunk)) events.push(eventOf(frame));
      } catch (error) {
        if (!(error instanceof DamagedFrames)) throw error;
        isOver = true;
        events.push(sseEvent('error', anthropicError('', `Bedrock's stream is damaged: ${error.message}`)));
      }
      return Buffer.from(events.join(''));
    },
    // A frame that has not ended is a stream that was cut, and shows as one.
    end: () => NOTHING,
  };
}

/** Empty for events that are not the model's. */
function eventOf({ headers, payload }: Frame): string {
  const body = objectOf(payload.toString('utf8'));
  switch (headers.get(':message-type')) {
    case 'event':
      return headers.get(':event-type') === 'chunk' ? chunkEvent(body['bytes']) : '';
    case 'exception':
      return sseEvent(
        'error',
        anthropicError(
          headers.get(':exception-type') ?? '',
          textOf(body['message'] ?? body['originalMessage']),
        ),
      );
    case 'error':
      return sseEvent(
        'error',
        anthropicError(headers.get(':error-code') ?? '', headers.get(':error-message') ?? ''),
      );
    default:
      return '';
  }
}

/** The event's own bytes. */
function chunkEvent(base64: unknown): string {
  if (typeof base64 !== 'string') return '';
  const bytes = Buffer.from(base64, 'base64');
  const whole = bytes.toString('utf8');
  const text = whole.includes(METRICS)
    ? withMembers(bytes, { [METRICS]: undefined }).toString('utf8')
    : whole;
  const type = TYPE.exec(text)?.[1] ?? textOf(objectOf(text)['type']);
  return `event: ${type}\ndata: ${text}\n\n`;
}

/** `{inputTokens}` to `{input_tokens}`; what is no count passes as it is. */
export function countOfAnswer(): AnswerConverter {
  const chunks: Uint8Array[] = [];
  return {
    push(chunk) {
      chunks.push(chunk);
      return NOTHING;
    },
    end() {
      const bytes = Buffer.concat(chunks);
      const { inputTokens } = objectOf(bytes.toString('utf8'));
      return typeof inputTokens === 'number'
        ? Buffer.from(JSON.stringify({ input_tokens: inputTokens }))
        : bytes;
    },
  };
}

function objectOf(text: string): JsonObject {
  const body = parseAnswer(text);
  return isJsonObject(body) ? body : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
