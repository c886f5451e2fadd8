// Owns reading a whole answer of Anthropic's into the canonical form.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { AnswerBlock, CanonicalAnswer, CanonicalStop, Citation } from '../canonical.ts';
import { objectsOf, textOf } from '../read.ts';
import { AnswerUsage } from './answer-usage.ts';
import { readStop } from './stops.ts';

/** Null where the body is no message. */
export function decodeAnswer(body: JsonObject): CanonicalAnswer | null {
  if (!Array.isArray(body['content'])) return null;
  const usage = new AnswerUsage();
  usage.add(body['usage']);
  return {
    id: textOf(body['id']) ?? '',
    content: objectsOf(body['content']).flatMap((block) => decodeBlock(block)),
    ...endOf(body),
    usage: usage.read(),
    serviceTier: usage.serviceTier,
  };
}

interface End {
  readonly stop: CanonicalStop;
  readonly stopSequence: string | null;
  readonly refusal: string | null;
}

/** Of a message or of the delta that ends one. */
export function endOf(source: JsonObject): End {
  const stop = readStop(textOf(source['stop_reason']) ?? '');
  const details = source['stop_details'];
  return {
    stop,
    stopSequence: textOf(source['stop_sequence']),
    refusal: stop === 'refusal' && isJsonObject(details) ? textOf(details['explanation']) : null,
  };
}

/** Only sources of the web have an equal elsewhere. */
export function citationOf(citation: JsonObject): Citation | null {
  const url = textOf(citation['url']);
  return url === null ? null : { url, title: textOf(citation['title']) };
}

/** What ran at the vendor is told in the text. */
function decodeBlock(block: JsonObject): AnswerBlock[] {
  switch (block['type']) {
    case 'text':
      return [
        {
          type: 'text',
          text: textOf(block['text']) ?? '',
          citations: objectsOf(block['citations']).flatMap((each) => citationOf(each) ?? []),
        },
      ];
    case 'thinking': {
      const value = textOf(block['signature']);
      const signature = value === null ? null : ({ vendor: 'anthropic', value } as const);
      return [{ type: 'thinking', text: textOf(block['thinking']) ?? '', signature }];
    }
    case 'redacted_thinking':
      return [
        { type: 'hidden_thinking', signature: { vendor: 'anthropic', value: textOf(block['data']) ?? '' } },
      ];
    case 'tool_use':
      return [
        {
          type: 'tool_call',
          id: textOf(block['id']) ?? '',
          name: textOf(block['name']) ?? '',
          input: isJsonObject(block['input']) ? block['input'] : {},
        },
      ];
    default:
      return [];
  }
}
