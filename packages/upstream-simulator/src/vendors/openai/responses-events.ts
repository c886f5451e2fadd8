// A response as the events of a stream, in the order in which the SDKs put it together again.
import type { Block } from '../../compose.ts';
import { type JsonObject, listOf, objectOf, stringOf } from '../../json.ts';
import { digest } from '../../seed.ts';
import { piecesOf } from '../../text.ts';
import type { StreamEvent, TokenCounts } from '../vendor.ts';
import { type ResponsesAnswer, openResponse, outputItems, outputText, wholeResponse } from './responses.ts';

interface UnnumberedEvent {
  type: string;
  fields: JsonObject;
  tokens?: TokenCounts;
  paced?: boolean;
}

export function responseEvents(answer: ResponsesAnswer): StreamEvent[] {
  const { body, seed, said, tokens } = answer;
  const response = openResponse(body, seed);
  const items = outputItems(answer);
  const whole = wholeResponse(answer);
  const events: UnnumberedEvent[] = [
    { type: 'response.created', fields: { response } },
    { type: 'response.in_progress', fields: { response } },
    ...items.flatMap((item, index) => itemEvents(item, index, piecesWanted(said.blocks[index]))),
    { type: `response.${stringOf(whole['status'])}`, fields: { response: whole }, tokens },
  ];
  return events.map(numbered);
}

/** How many pieces of content the stream of this response has. */
export function responsePieces(answer: ResponsesAnswer): number {
  return responseEvents(answer).filter((event) => event.paced === true).length;
}

export function numbered({ type, fields, tokens, paced }: UnnumberedEvent, index: number): StreamEvent {
  return {
    name: type,
    data: JSON.stringify({ type, ...fields, sequence_number: index }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(paced === undefined ? {} : { paced }),
  };
}

function piecesWanted(block: Block | undefined): number | undefined {
  return block?.type === 'text' ? block.pieces : undefined;
}

function itemEvents(item: JsonObject, index: number, pieces: number | undefined): UnnumberedEvent[] {
  const place = { item_id: item['id'], output_index: index };
  const added = (opened: JsonObject): UnnumberedEvent => ({
    type: 'response.output_item.added',
    fields: { output_index: index, item: { ...item, ...opened } },
  });
  const done: UnnumberedEvent = {
    type: 'response.output_item.done',
    fields: { output_index: index, item },
  };
  switch (item['type']) {
    case 'reasoning':
      return [added(openReasoning(item)), ...summaryEvents(item, place), done];
    case 'message':
      return [added({ status: 'in_progress', content: [] }), ...textEvents(item, place, pieces), done];
    case 'custom_tool_call':
      return [
        added({ status: 'in_progress', input: '' }),
        ...wholeAndPieces('response.custom_tool_call_input', place, 'input', stringOf(item['input'])),
        done,
      ];
    default:
      return [
        added({ status: 'in_progress', arguments: '' }),
        ...wholeAndPieces(
          'response.function_call_arguments',
          { ...place },
          'arguments',
          stringOf(item['arguments']),
          { name: item['name'] },
        ),
        done,
      ];
  }
}

function openReasoning(item: JsonObject): JsonObject {
  return { summary: [], ...(item['encrypted_content'] === undefined ? {} : { encrypted_content: '' }) };
}

function summaryEvents(item: JsonObject, itemPlace: JsonObject): UnnumberedEvent[] {
  return listOf(item['summary']).flatMap((part, index) => {
    const place = { ...itemPlace, summary_index: index };
    const text = stringOf(objectOf(part)['text']);
    const opened = { type: 'summary_text', text: '' };
    return [
      { type: 'response.reasoning_summary_part.added', fields: { ...place, part: opened } },
      ...wholeAndPieces('response.reasoning_summary_text', place, 'text', text),
      { type: 'response.reasoning_summary_part.done', fields: { ...place, part } },
    ];
  });
}

function textEvents(item: JsonObject, itemPlace: JsonObject, pieces: number | undefined): UnnumberedEvent[] {
  const place = { ...itemPlace, content_index: 0 };
  const text = stringOf(objectOf(listOf(item['content'])[0])['text']);
  const deltas = piecesOf(text, pieces).map((delta) => ({
    type: 'response.output_text.delta',
    fields: { ...place, delta, logprobs: [], obfuscation: digest(delta).slice(0, 12) },
    paced: true,
  }));
  return [
    { type: 'response.content_part.added', fields: { ...place, part: outputText('') } },
    ...deltas,
    { type: 'response.output_text.done', fields: { ...place, text, logprobs: [] } },
    { type: 'response.content_part.done', fields: { ...place, part: outputText(text) } },
  ];
}

/** The pieces as deltas, then all of it under its own name. */
function wholeAndPieces(
  type: string,
  place: JsonObject,
  field: string,
  text: string,
  doneFields: JsonObject = {},
): UnnumberedEvent[] {
  const deltas = piecesOf(text).map((delta) => ({
    type: `${type}.delta`,
    fields: { ...place, delta },
    paced: true,
  }));
  return [...deltas, { type: `${type}.done`, fields: { ...place, ...doneFields, [field]: text } }];
}
