// Owns what is read from a request of the elder Completions API.
import type { InspectInput, InspectResult } from '../protocol.ts';
import { BadField, commonFacts, inspected, outputCeiling, wantsUsage } from '../openai/request.ts';
import { statedSession } from '../openai/session.ts';

export function inspect(input: InspectInput): InspectResult {
  const { body } = input;
  return inspected(() => {
    const { prompt } = body;
    const facts = commonFacts(input, 'openai-completions');
    if (typeof prompt !== 'string' && !Array.isArray(prompt)) {
      throw new BadField('prompt', 'a text or an array', prompt);
    }
    return {
      ...facts,
      stream: body['stream'] === true,
      sessionId: statedSession(input),
      maxOutputTokens: outputCeiling(body, ['max_tokens'], ['n', 'best_of'], promptsIn(prompt)),
      wantsUsage: wantsUsage(body),
    };
  });
}

/** A list of numbers is one prompt, of texts or lists one each. */
function promptsIn(prompt: string | readonly unknown[]): number {
  if (typeof prompt === 'string' || typeof prompt[0] === 'number') return 1;
  return Math.max(1, prompt.length);
}
