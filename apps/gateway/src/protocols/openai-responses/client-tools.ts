// Owns the tools that a Responses client runs itself, as functions that every vendor's models can call: what they are
// called there, and what a call of each is called here. Codex offers most of them to whatever model it is given.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalTool } from '../canonical.ts';
import { objectsOf, textOf } from '../read.ts';
import { callForms, type FormName, isFormName, taughtTools } from './call-forms.ts';
import { offeredTools } from './offered-tools.ts';
import { runsAtVendor } from './vendor-tools.ts';

export interface ClientTool {
  readonly form: FormName;
  /** As the client calls it, within its namespace. */
  readonly name: string;
  readonly namespace: string | null;
  /** As models get to know it. */
  readonly described: Extract<CanonicalTool, { type: 'function' }>;
}

const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} };

/** Of the same name the first one counts. */
export function clientTools(body: JsonObject): ReadonlyMap<string, ClientTool> {
  const tools = new Map<string, ClientTool>();
  for (const tool of offeredTools(body).flatMap((one) => toolsIn(one, null))) {
    if (!tools.has(tool.described.name)) tools.set(tool.described.name, tool);
  }
  return tools;
}

export function isClientTool(tool: JsonObject): boolean {
  return tool['type'] === 'namespace' || toolsIn(tool, null).length > 0;
}

/** Under one name, since most vendors know no namespaces. */
export function joinedName(namespace: string | null, name: string): string {
  return namespace === null ? name : `${namespace}__${name}`;
}

function toolsIn(tool: JsonObject, namespace: string | null): ClientTool[] {
  const type = textOf(tool['type']) ?? '';
  if (type === 'namespace') {
    return objectsOf(tool['tools']).flatMap((one) => toolsIn(one, textOf(tool['name'])));
  }
  if (!isFormName(type) || runsAtVendor(tool)) return [];
  const name = textOf(tool['name']) ?? type;
  return [{ form: type, name, namespace, described: described(type, tool, joinedName(namespace, name)) }];
}

function described(form: FormName, tool: JsonObject, name: string): ClientTool['described'] {
  const own = { type: 'function' as const, name, description: textOf(tool['description']), strict: null };
  if (form === 'custom') {
    return { ...own, description: customDescription(tool), inputSchema: customSchema() };
  }
  const { parameters, strict } = tool;
  const taught = taughtTools[form];
  return {
    ...own,
    description: own.description ?? taught?.description ?? null,
    inputSchema: isJsonObject(parameters) ? parameters : (taught?.inputSchema ?? NO_PARAMETERS),
    strict: typeof strict === 'boolean' ? strict : null,
  };
}

/** The vendor holds its models to the grammar; others are told of it. */
function customDescription(tool: JsonObject): string | null {
  const description = textOf(tool['description']);
  const { format } = tool;
  if (!isJsonObject(format) || format['type'] !== 'grammar') return description;
  const grammar = `The input follows this ${textOf(format['syntax']) ?? ''} grammar:\n${textOf(format['definition']) ?? ''}`;
  return description === null ? grammar : `${description}\n\n${grammar}`;
}

function customSchema(): JsonObject {
  return {
    type: 'object',
    properties: { input: { type: 'string', description: 'All of the input, as plain text.' } },
    required: ['input'],
    additionalProperties: false,
  };
}

/** Of a call whose tool is not among those offered: a function's. */
export function formOf(tool: ClientTool | undefined): (typeof callForms)[FormName] {
  return callForms[tool?.form ?? 'function'];
}
