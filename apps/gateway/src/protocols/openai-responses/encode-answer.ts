// Owns saying a whole answer as Responses does: what its stream would end with.
import type { JsonObject } from '../../platform/json.ts';
import { playAnswer } from '../bridge/play-answer.ts';
import type { CanonicalAnswer } from '../canonical.ts';
import type { AnswerContext } from '../codec.ts';
import { ResponseEncoder } from './encode-events.ts';

export function encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject {
  const encoder = new ResponseEncoder(context);
  for (const event of playAnswer(answer)) encoder.push(event);
  return encoder.response;
}
