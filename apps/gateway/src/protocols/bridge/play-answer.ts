// Owns saying a whole answer as the events of a stream, for clients that want one of an upstream that gave none.
import { type AnswerBlock, type CanonicalAnswer, type CanonicalEvent, noUsage } from '../canonical.ts';
import { writeArguments } from '../tool-arguments.ts';

export function playAnswer(answer: CanonicalAnswer): CanonicalEvent[] {
  const { id, content, stop, stopSequence, refusal, usage, serviceTier } = answer;
  return [
    { type: 'start', id, usage: { ...usage, output: noUsage.output, reasoning: noUsage.reasoning } },
    ...content.flatMap((block) => playBlock(block)),
    { type: 'finish', stop, stopSequence, refusal, usage, serviceTier },
  ];
}

function playBlock(block: AnswerBlock): CanonicalEvent[] {
  switch (block.type) {
    case 'text':
      return [
        { type: 'block_start', block: { type: 'text' } },
        { type: 'text', text: block.text },
        ...block.citations.map((citation) => ({ type: 'citation' as const, citation })),
        { type: 'block_stop' },
      ];
    case 'thinking':
      return [
        { type: 'block_start', block: { type: 'thinking' } },
        { type: 'thinking', text: block.text },
        ...signed(block),
        { type: 'block_stop' },
      ];
    case 'tool_call':
      return [
        { type: 'block_start', block: { type: 'tool_call', id: block.id, name: block.name } },
        ...signed(block),
        { type: 'input', json: writeArguments(block.input) },
        { type: 'block_stop' },
      ];
    case 'hidden_thinking':
      return [block];
  }
}

function signed({ signature }: Extract<AnswerBlock, { type: 'thinking' | 'tool_call' }>): CanonicalEvent[] {
  return signature === null || signature === undefined ? [] : [{ type: 'signature', signature }];
}
