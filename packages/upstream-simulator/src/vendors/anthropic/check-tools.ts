// Calls of tools and their results belong together: every call is answered in the user's turn right after it.
import { type JsonObject, isObject, listOf, stringOf } from '../../json.ts';

/** What is wrong, `null` if nothing is. `system` messages stand outside the turns. */
export function toolsProblem(messages: readonly unknown[]): string | null {
  const turns = [...messages.entries()].flatMap(([index, message]) =>
    isObject(message) && message['role'] !== 'system' ? [{ index, message }] : [],
  );
  let open: string[] = [];
  let openIndex = 0;
  for (const { index, message } of turns) {
    const results = idsOf(message, 'tool_result', 'tool_use_id');
    const unasked = results.find((id) => !open.includes(id));
    if (unasked !== undefined) {
      return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unasked}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    const unanswered = open.filter((id) => !results.includes(id));
    if (unanswered.length > 0) return withoutResult(openIndex, unanswered);
    open = message['role'] === 'assistant' ? idsOf(message, 'tool_use', 'id') : [];
    openIndex = index;
  }
  return open.length > 0 ? withoutResult(openIndex, open) : null;
}

function withoutResult(index: number, ids: readonly string[]): string {
  return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

function idsOf(message: JsonObject, type: string, field: string): string[] {
  return listOf(message['content'])
    .filter(isObject)
    .filter((block) => block['type'] === type)
    .map((block) => stringOf(block[field]));
}
