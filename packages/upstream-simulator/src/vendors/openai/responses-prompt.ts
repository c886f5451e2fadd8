// Reading a Responses body.
import type { Ask } from '../../compose.ts';
import { type JsonObject, isObject, listOf, objectOf, stringOf } from '../../json.ts';
import type { Failure } from '../vendor.ts';
import { contentText } from './content.ts';

/** Items that the model made: what comes after the last of them is the user's turn. */
const MADE_BY_MODEL: ReadonlySet<string> = new Set(['reasoning', 'function_call', 'custom_tool_call']);
const OUTPUT_PARTS: readonly string[] = ['output_text', 'refusal'];
const INPUT_PARTS: readonly string[] = ['input_text', 'input_image', 'input_file', 'input_audio'];

export function askOfResponses(body: unknown): Ask {
  const source = objectOf(body);
  const format = objectOf(objectOf(source['text'])['format']);
  return {
    ...lastResponsesTurn(body),
    model: stringOf(source['model']),
    tools: offeredTools(source).map(({ name }) => name),
    toolIdPrefix: 'call_',
    schema: format['type'] === 'json_schema' && isObject(format['schema']) ? format['schema'] : null,
    stopSequences: [],
    maxTokens: Number(source['max_output_tokens'] ?? Number.POSITIVE_INFINITY),
    thinkingHidden: false,
  };
}

export interface OfferedTool {
  name: string;
  type: string;
  /** The group it stands in; null: none. */
  namespace: string | null;
}

/** Those of the request, then those that its input brings, as Codex does for the newest models. */
export function offeredTools(body: JsonObject): OfferedTool[] {
  const brought = listOf(body['input'])
    .map(objectOf)
    .filter((item) => item['type'] === 'additional_tools')
    .flatMap((item) => listOf(item['tools']));
  return [...listOf(body['tools']), ...brought].flatMap((tool) => toolsIn(objectOf(tool), null));
}

function toolsIn(tool: JsonObject, namespace: string | null): OfferedTool[] {
  const name = stringOf(tool['name']);
  const type = stringOf(tool['type']);
  return type === 'namespace'
    ? listOf(tool['tools']).flatMap((inner) => toolsIn(objectOf(inner), name))
    : [{ name, type, namespace }];
}

export function lastResponsesTurn(body: unknown): Pick<Ask, 'text' | 'toolResult'> {
  const { input } = objectOf(body);
  if (typeof input === 'string') return { text: input, toolResult: null };
  const items = listOf(input).filter(isObject);
  const turn = items.slice(items.findLastIndex(isMadeByModel) + 1);
  const results = turn.filter((item) =>
    /^(?:function|custom_tool)_call_output$/u.test(stringOf(item['type'])),
  );
  const said = turn.findLast((item) => item['role'] === 'user');
  return {
    text: said === undefined ? '' : contentText(said['content']),
    toolResult: results.length === 0 ? null : results.map((item) => contentText(item['output'])).join('\n'),
  };
}

/** The prompt in the order in which it is cached. */
export function responsesBlocks(body: unknown): unknown[] {
  const { tools, instructions, input } = objectOf(body);
  const items = typeof input === 'string' ? [input] : listOf(input);
  return [...listOf(tools), ...(typeof instructions === 'string' ? [instructions] : []), ...items];
}

export function checkResponses(body: unknown): Failure | null {
  const message = problemOf(body);
  return message === null ? null : { status: 400, message };
}

function problemOf(body: unknown): string | null {
  if (!isObject(body)) return 'We could not parse the JSON body of your request.';
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    return "Missing required parameter: 'model'.";
  }
  const { input } = body;
  if (input === undefined) return "Missing required parameter: 'input'.";
  if (typeof input !== 'string' && !Array.isArray(input)) {
    return "Invalid type for 'input': expected one of a string or array of objects.";
  }
  const items = listOf(input).filter(isObject);
  return contentProblem(items) ?? callsProblem(items);
}

/** What the model said is output, what others said is input. */
function contentProblem(items: readonly JsonObject[]): string | null {
  for (const [index, item] of items.entries()) {
    if (typeof item['role'] !== 'string') continue;
    const allowed = item['role'] === 'assistant' ? OUTPUT_PARTS : INPUT_PARTS;
    const types = listOf(item['content']).map((part) => stringOf(objectOf(part)['type']));
    const wrong = types.findIndex((type) => !allowed.includes(type));
    if (wrong !== -1) {
      const names = allowed.map((name) => `'${name}'`).join(', ');
      return `Invalid value: '${types[wrong]}'. Supported values are: ${names}. (input[${index}].content[${wrong}])`;
    }
  }
  return null;
}

/** Calls and results belong together, whatever lies between them. */
function callsProblem(items: readonly JsonObject[]): string | null {
  const idsOf = (type: RegExp): Set<string> =>
    new Set(
      items.filter((item) => type.test(stringOf(item['type']))).map((item) => stringOf(item['call_id'])),
    );
  const calls = idsOf(/^(?:function|custom_tool)_call$/u);
  const outputs = idsOf(/^(?:function|custom_tool)_call_output$/u);
  const withoutOutput = [...calls].find((id) => !outputs.has(id));
  if (withoutOutput !== undefined) return `No tool output found for function call ${withoutOutput}.`;
  const withoutCall = [...outputs].find((id) => !calls.has(id));
  return withoutCall === undefined
    ? null
    : `No tool call found for function call output with call_id ${withoutCall}.`;
}

function isMadeByModel(item: JsonObject): boolean {
  return item['role'] === 'assistant' || MADE_BY_MODEL.has(stringOf(item['type']));
}
