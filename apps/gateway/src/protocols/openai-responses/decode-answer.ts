// Owns reading a whole response object into the canonical form.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import {
  type AnswerBlock,
  type CanonicalAnswer,
  type CanonicalStop,
  type CanonicalUsage,
  type Citation,
  noUsage,
  type Signature,
} from '../canonical.ts';
import { objectsOf, textOf } from '../read.ts';
import { readUsage } from '../openai/usage.ts';
import { callForms, formsByItem } from './call-forms.ts';
import { isWebSearch } from './vendor-tools.ts';

/** Null where the body is none. */
export function decodeAnswer(body: JsonObject): CanonicalAnswer | null {
  if (!Array.isArray(body['output']) || isJsonObject(body['error'])) return null;
  const content = objectsOf(body['output']).flatMap(blocksOf);
  const refusal = refusalIn(body);
  return {
    id: textOf(body['id']) ?? '',
    content,
    stop: stopOf(
      body,
      content.some(({ type }) => type === 'tool_call'),
      refusal,
    ),
    stopSequence: null,
    refusal,
    usage: usageOf(body),
    serviceTier: textOf(body['service_tier']),
  };
}

export function usageOf(response: JsonObject): CanonicalUsage {
  const webSearches = objectsOf(response['output']).filter(isWebSearch).length;
  return { ...(readUsage(response['usage']) ?? noUsage), webSearches };
}

export function stopOf(response: JsonObject, hasCalls: boolean, refusal: string | null): CanonicalStop {
  const details = response['incomplete_details'];
  const reason = isJsonObject(details) ? textOf(details['reason']) : null;
  if (reason === 'content_filter' || refusal !== null) return 'refusal';
  if (response['status'] === 'incomplete') return 'max_tokens';
  return hasCalls ? 'tool_use' : 'end_turn';
}

export function refusalIn(response: JsonObject): string | null {
  const parts = objectsOf(response['output']).flatMap((item) => objectsOf(item['content']));
  return parts.map((part) => textOf(part['refusal'])).find((refusal) => refusal !== null) ?? null;
}

/** What the vendor's own tools did has no place in other dialects. */
function blocksOf(item: JsonObject): AnswerBlock[] {
  if (item['type'] === 'message') {
    return objectsOf(item['content']).flatMap((part) => {
      const text = textOf(part['text']);
      return text === null ? [] : [{ type: 'text', text, citations: citationsOf(part['annotations']) }];
    });
  }
  if (item['type'] === 'reasoning') return thoughtOf(item);
  const form = formsByItem.get(item['type']);
  if (form === undefined) return [];
  const id = textOf(item['call_id']) ?? textOf(item['id']) ?? '';
  return [{ type: 'tool_call', id, name: textOf(item['name']) ?? form, input: callForms[form].read(item) }];
}

function thoughtOf(item: JsonObject): AnswerBlock[] {
  const text = [...objectsOf(item['summary']), ...objectsOf(item['content'])]
    .map((part) => textOf(part['text']) ?? '')
    .join('\n\n');
  const signature = signatureOf(item);
  if (text !== '') return [{ type: 'thinking', text, signature }];
  return signature === null ? [] : [{ type: 'hidden_thinking', signature }];
}

export function signatureOf(item: JsonObject): Signature | null {
  const value = textOf(item['encrypted_content']);
  return value === null ? null : { vendor: 'openai', value };
}

function citationsOf(annotations: JsonValue | undefined): Citation[] {
  return objectsOf(annotations).flatMap((annotation) => {
    const citation = citationOf(annotation);
    return citation === null ? [] : [citation];
  });
}

/** Null where it cites no page of the web. */
export function citationOf(annotation: JsonObject): Citation | null {
  const url = textOf(annotation['url']);
  return annotation['type'] !== 'url_citation' || url === null
    ? null
    : { url, title: textOf(annotation['title']) };
}
