// The text of a message's content: a string, or parts of which some are text.
import { isObject, listOf, stringOf } from '../../json.ts';

export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .filter(isObject)
    .map((part) => stringOf(part['text']))
    .filter((text) => text !== '')
    .join('\n');
}
