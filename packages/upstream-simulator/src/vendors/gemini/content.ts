// Puts a composition into Gemini's shapes: responses that each carry some parts and the usage up to there.
import { type Block, type Composition, workMs } from '../../compose.ts';
import type { JsonObject } from '../../json.ts';
import { seededId } from '../../seed.ts';
import { estimateTokens, piecesOf } from '../../text.ts';
import type { TokenCounts } from '../vendor.ts';

export interface GeminiAnswer {
  seed: string;
  model: string;
  said: Composition;
  tokens: TokenCounts;
}

/** A response of a stream, and the usage that it tells. */
export interface ContentChunk {
  response: JsonObject;
  tokens: TokenCounts;
  paced: boolean;
}

export function wholeContent(answer: GeminiAnswer): JsonObject {
  const parts = answer.said.blocks.flatMap((block) => partsOf(block, true));
  return contentResponse(answer, parts, answer.said.outputTokens, finishReason(answer.said));
}

export function contentWorkMs(said: Composition, paceMs: number): number {
  return workMs(said, paceMs, (block) => partsOf(block, false).length);
}

/** The output counts up as the parts come; the last response brings the reason of the end and an empty text. */
export function contentChunks(answer: GeminiAnswer): ContentChunk[] {
  const { said, tokens } = answer;
  let outputTokens = said.thinkingTokens;
  const chunks = said.blocks
    .flatMap((block) => partsOf(block, false))
    .map((part) => {
      if (part['thought'] !== true) {
        outputTokens = Math.min(said.outputTokens, outputTokens + estimateTokens(JSON.stringify(part)));
      }
      return {
        response: contentResponse(answer, [part], outputTokens, null),
        tokens: { ...tokens, outputTokens },
        paced: true,
      };
    });
  const end = contentResponse(answer, [{ text: '' }], said.outputTokens, finishReason(said));
  return [...chunks, { response: end, tokens, paced: false }];
}

function contentResponse(
  { seed, model, said, tokens }: GeminiAnswer,
  parts: JsonObject[],
  outputTokens: number,
  finish: string | null,
): JsonObject {
  const candidate = {
    content: { parts, role: 'model' },
    ...(finish === null ? {} : { finishReason: finish }),
    index: 0,
  };
  return {
    candidates: [candidate],
    usageMetadata: usageMetadata(tokens, outputTokens, said.thinkingTokens),
    modelVersion: model,
    responseId: seededId('', `content ${seed}`),
  };
}

/** The prompt includes what the cache gave; the thoughts are no part of the candidates. */
function usageMetadata(tokens: TokenCounts, outputTokens: number, thinkingTokens: number): JsonObject {
  const prompt = tokens.inputTokens + tokens.cacheReadTokens;
  const cached = tokens.cacheReadTokens;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: outputTokens - thinkingTokens,
    totalTokenCount: prompt + outputTokens,
    ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    ...(cached > 0 ? { cacheTokensDetails: [{ modality: 'TEXT', tokenCount: cached }] } : {}),
    ...(thinkingTokens > 0 ? { thoughtsTokenCount: thinkingTokens } : {}),
    serviceTier: 'standard',
  };
}

function finishReason(said: Composition): string {
  return said.stopReason === 'max_tokens' ? 'MAX_TOKENS' : 'STOP';
}

/** Text in one part or in pieces; thoughts and calls come whole. */
function partsOf(block: Block, whole: boolean): JsonObject[] {
  switch (block.type) {
    case 'thinking':
      return block.text === '' ? [] : [{ text: block.text, thought: true }];
    case 'text':
      return (whole ? [block.text] : piecesOf(block.text, block.pieces)).map((text) => ({ text }));
    case 'tool_use':
      return [
        {
          functionCall: { name: block.name, args: block.input, id: block.id },
          thoughtSignature: Buffer.from(`signature of ${block.id}`).toString('base64'),
        },
      ];
  }
}
