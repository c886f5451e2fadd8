// Reading a generateContent body.
import type { Ask } from '../../compose.ts';
import { type JsonObject, isObject, listOf, objectOf, stringOf, stringsOf } from '../../json.ts';
import type { Failure } from '../vendor.ts';

/** From these models on, the calls in the history are worth nothing without their signature. */
const NEEDS_SIGNATURES = /^gemini-[3-9]/u;

export function askOfGemini(body: unknown, model: string): Ask {
  const source = objectOf(body);
  const config = objectOf(source['generationConfig']);
  const wantsJson = config['responseMimeType'] === 'application/json';
  const schema = config['responseJsonSchema'] ?? config['responseSchema'];
  return {
    ...lastGeminiTurn(body),
    model,
    tools: listOf(source['tools']).flatMap((tool) =>
      listOf(objectOf(tool)['functionDeclarations']).map((item) => stringOf(objectOf(item)['name'])),
    ),
    toolIdPrefix: 'fc_',
    schema: wantsJson && isObject(schema) ? schema : null,
    stopSequences: stringsOf(config['stopSequences']),
    maxTokens: Number(config['maxOutputTokens'] ?? Number.POSITIVE_INFINITY),
    thinkingHidden: objectOf(config['thinkingConfig'])['includeThoughts'] !== true,
  };
}

/** The last content of the user; a role that is not named is the user's. */
export function lastGeminiTurn(body: unknown): Pick<Ask, 'text' | 'toolResult'> {
  const parts = partsOf(contentsOf(body).findLast((content) => content['role'] !== 'model'));
  const results = parts.filter((part) => isObject(part['functionResponse']));
  return {
    text: parts
      .map((part) => stringOf(part['text']))
      .filter((text) => text !== '')
      .join('\n'),
    toolResult: results.length === 0 ? null : results.map(resultText).join('\n'),
  };
}

/** The prompt in the order in which it is cached. */
export function geminiBlocks(body: unknown): unknown[] {
  const { tools, systemInstruction } = objectOf(body);
  return [systemInstruction ?? null, ...listOf(tools), ...contentsOf(body)];
}

export function checkGemini(body: unknown, model: string): Failure | null {
  const message = problemOf(body, model);
  return message === null ? null : { status: 400, message };
}

function problemOf(body: unknown, model: string): string | null {
  if (!isObject(body)) return 'Invalid JSON payload received. Unexpected end of string.';
  const schema = schemaProblem(body);
  if (schema !== null) return schema;
  const contents = contentsOf(body);
  if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified\n';
  for (const [index, content] of contents.entries()) {
    const { role } = content;
    if (role !== undefined && role !== 'user' && role !== 'model' && role !== 'function') {
      return 'Please use a valid role: user, model.';
    }
    const answers = partsWith(content, 'functionResponse');
    if (answers.length > 0 && partsWith(contents[index - 1], 'functionCall').length === 0) {
      return 'Please ensure that function response turn comes immediately after a function call turn.';
    }
    const problem = callsProblem(content, contents[index + 1], index, model);
    if (problem !== null) return problem;
  }
  return null;
}

/** `parameters` takes Google's own schema, which has no `$schema`; whole JSON schemas go in `parametersJsonSchema`. */
function schemaProblem(body: JsonObject): string | null {
  for (const [index, tool] of listOf(body['tools']).entries()) {
    for (const [place, declaration] of listOf(objectOf(tool)['functionDeclarations']).entries()) {
      if (objectOf(objectOf(declaration)['parameters'])['$schema'] === undefined) continue;
      return `Invalid JSON payload received. Unknown name "$schema" at 'tools[${index}].function_declarations[${place}].parameters': Cannot find field.`;
    }
  }
  return null;
}

/** Calls in the history need the signature they came with, and as many answers. */
function callsProblem(
  content: JsonObject,
  next: JsonObject | undefined,
  index: number,
  model: string,
): string | null {
  const calls = partsWith(content, 'functionCall');
  const [first] = calls;
  if (first === undefined) return null;
  if (NEEDS_SIGNATURES.test(model) && stringOf(first['thoughtSignature']) === '') {
    const name = stringOf(objectOf(first['functionCall'])['name']);
    return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\` , position ${index + 1}.`;
  }
  const answers = partsWith(next, 'functionResponse');
  return answers.length === calls.length
    ? null
    : 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
}

function partsWith(content: JsonObject | undefined, field: string): JsonObject[] {
  return partsOf(content).filter((part) => isObject(part[field]));
}

function resultText(part: JsonObject): string {
  const response = objectOf(objectOf(part['functionResponse'])['response']);
  const value = response['output'] ?? response['result'] ?? response['error'] ?? response;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A single content may stand without its list. */
function contentsOf(body: unknown): JsonObject[] {
  const { contents } = objectOf(body);
  return isObject(contents) ? [contents] : listOf(contents).filter(isObject);
}

function partsOf(content: JsonObject | undefined): JsonObject[] {
  const parts = content?.['parts'];
  return isObject(parts) ? [parts] : listOf(parts).filter(isObject);
}
