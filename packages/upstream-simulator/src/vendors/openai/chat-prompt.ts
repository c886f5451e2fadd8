// Reading a Chat Completions body.
import type { Ask } from '../../compose.ts';
import { type JsonObject, isObject, listOf, objectOf, stringOf, stringsOf } from '../../json.ts';
import type { Failure } from '../vendor.ts';
import { contentText } from './content.ts';

const ROLES: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
/** Models that reason count their reasoning in the limit, which has another name for them. */
const REASONS = /^(?:gpt-[5-9]|o\d)/u;

export function askOfChat(body: unknown): Ask {
  const source = objectOf(body);
  const format = objectOf(source['response_format']);
  const schema = objectOf(format['json_schema'])['schema'];
  return {
    ...lastChatTurn(body),
    model: stringOf(source['model']),
    tools: listOf(source['tools']).map((tool) => stringOf(objectOf(objectOf(tool)['function'])['name'])),
    toolIdPrefix: 'call_',
    schema: isObject(schema) ? schema : null,
    stopSequences: typeof source['stop'] === 'string' ? [source['stop']] : stringsOf(source['stop']),
    maxTokens: Number(source['max_completion_tokens'] ?? source['max_tokens'] ?? Number.POSITIVE_INFINITY),
    thinkingHidden: false,
  };
}

/** What came after the last answer of the model. */
export function lastChatTurn(body: unknown): Pick<Ask, 'text' | 'toolResult'> {
  const messages = listOf(objectOf(body)['messages']).filter(isObject);
  const lastAnswer = messages.findLastIndex((message) => message['role'] === 'assistant');
  const turn = messages.slice(lastAnswer + 1);
  const results = turn.filter((message) => message['role'] === 'tool' || message['role'] === 'function');
  const said = turn.findLast((message) => message['role'] === 'user');
  return {
    text: said === undefined ? '' : contentText(said['content']),
    toolResult:
      results.length === 0 ? null : results.map((message) => contentText(message['content'])).join('\n'),
  };
}

/** The prompt in the order in which it is cached. */
export function chatBlocks(body: unknown): unknown[] {
  const source = objectOf(body);
  return [...listOf(source['tools']), ...listOf(source['messages'])];
}

export function checkChat(body: unknown): Failure | null {
  const source = objectOf(body);
  if (REASONS.test(stringOf(source['model'])) && source['max_tokens'] !== undefined) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return { status: 400, type: 'unsupported_parameter', message, param: 'max_tokens' };
  }
  const message = problemOf(body);
  return message === null ? null : { status: 400, message };
}

function problemOf(body: unknown): string | null {
  if (!isObject(body)) {
    return 'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly.)';
  }
  if (typeof body['model'] !== 'string' || body['model'] === '') return 'you must provide a model parameter';
  if (!Array.isArray(body['messages'])) return "Missing required parameter: 'messages'.";
  if (body['messages'].length === 0) {
    return "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
  }
  if (body['stream_options'] !== undefined && body['stream_options'] !== null && body['stream'] !== true) {
    return "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  }
  return messagesProblem(body['messages'].map(objectOf));
}

/** Every call of a tool has its result in the messages right after it. */
function messagesProblem(messages: readonly JsonObject[]): string | null {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const role = stringOf(message['role']);
    if (!ROLES.has(role)) return `Invalid value: '${role}'. Supported values are: ${[...ROLES].join(', ')}.`;
    if (role === 'tool') {
      if (!open.delete(stringOf(message['tool_call_id']))) {
        return `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'. (messages[${index}])`;
      }
      continue;
    }
    if (open.size > 0) break;
    open = new Set(listOf(message['tool_calls']).map((call) => stringOf(objectOf(call)['id'])));
  }
  return open.size === 0
    ? null
    : `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`;
}
