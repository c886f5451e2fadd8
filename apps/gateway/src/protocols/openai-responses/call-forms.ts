// Owns the kinds of calls that a Responses client carries out itself: which item each of them is, how such an item says
// the input that models of other vendors write as one JSON object, and how that input is described to them.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { isJsonList, textOf } from '../read.ts';
import { readArguments, writeArguments } from '../tool-arguments.ts';

interface CallForm {
  /** Of the call's item. */
  readonly type: string;
  readonly idPrefix: string;
  /** How pieces of the input are told, where they are; else the item comes whole. */
  readonly pieces: { readonly event: string; readonly field: string } | null;
  /** Members of the item that say the input. */
  readonly write: (input: JsonObject) => JsonObject;
  /** The input that the members of an item say. */
  readonly read: (item: JsonObject) => JsonObject;
}

const FUNCTION: CallForm = {
  type: 'function_call',
  idPrefix: 'fc',
  pieces: { event: 'response.function_call_arguments', field: 'arguments' },
  write: (input) => ({ arguments: writeArguments(input) }),
  read: (item) => readArguments(textOf(item['arguments']) ?? ''),
};

/** Free text: models that know functions only write it as the one argument. */
const CUSTOM: CallForm = {
  type: 'custom_tool_call',
  idPrefix: 'ctc',
  pieces: { event: 'response.custom_tool_call_input', field: 'input' },
  write: (input) => ({ input: typeof input['input'] === 'string' ? input['input'] : writeArguments(input) }),
  read: (item) => ({ input: textOf(item['input']) ?? '' }),
};

const TOOL_SEARCH: CallForm = {
  type: 'tool_search_call',
  idPrefix: 'tsc',
  pieces: null,
  write: (input) => ({ execution: 'client', arguments: input }),
  read: (item) => objectIn(item, 'arguments'),
};

const LOCAL_SHELL: CallForm = {
  type: 'local_shell_call',
  idPrefix: 'lsh',
  pieces: null,
  write: (input) => ({
    action: {
      type: 'exec',
      command: textsOf(input['command']),
      env: isJsonObject(input['env']) ? input['env'] : {},
      timeout_ms: input['timeout_ms'] ?? null,
      working_directory: input['working_directory'] ?? null,
      user: null,
    },
  }),
  read: (item) =>
    withoutNull(objectIn(item, 'action'), ['command', 'env', 'timeout_ms', 'working_directory']),
};

const SHELL: CallForm = {
  type: 'shell_call',
  idPrefix: 'sh',
  pieces: null,
  write: (input) => ({
    action: {
      commands: textsOf(input['commands']),
      timeout_ms: input['timeout_ms'] ?? null,
      max_output_length: input['max_output_length'] ?? null,
    },
  }),
  read: (item) => withoutNull(objectIn(item, 'action'), ['commands', 'timeout_ms', 'max_output_length']),
};

const APPLY_PATCH: CallForm = {
  type: 'apply_patch_call',
  idPrefix: 'apc',
  pieces: null,
  write: (input) => ({ operation: input }),
  read: (item) => objectIn(item, 'operation'),
};

export const callForms = {
  function: FUNCTION,
  custom: CUSTOM,
  tool_search: TOOL_SEARCH,
  local_shell: LOCAL_SHELL,
  shell: SHELL,
  apply_patch: APPLY_PATCH,
} as const;

export type FormName = keyof typeof callForms;

/** Calls in a conversation are told by their items, whatever tools are offered now. */
export const formsByItem: ReadonlyMap<JsonValue | undefined, FormName> = new Map(
  Object.entries(callForms).map(([name, form]) => [form.type, formName(name)]),
);

export function isFormName(name: string): name is FormName {
  return Object.hasOwn(callForms, name);
}

function formName(name: string): FormName {
  return isFormName(name) ? name : 'function';
}

interface Description {
  readonly description: string;
  readonly inputSchema: JsonObject;
}

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const MILLISECONDS = { type: 'integer', description: 'When to give up, in milliseconds.' };

/** Tools that the vendor's models were taught and that requests therefore only name. */
export const taughtTools: Readonly<Partial<Record<FormName, Description>>> = {
  local_shell: {
    description: "Runs a command on the user's machine and returns its output.",
    inputSchema: objectSchema(
      {
        command: { ...TEXTS, description: 'The program and its arguments.' },
        working_directory: TEXT,
        env: { type: 'object', additionalProperties: TEXT },
        timeout_ms: MILLISECONDS,
      },
      ['command'],
    ),
  },
  shell: {
    description:
      "Runs shell commands on the user's machine, each by itself, and returns what each of them wrote.",
    inputSchema: objectSchema(
      {
        commands: TEXTS,
        timeout_ms: MILLISECONDS,
        max_output_length: { type: 'integer', description: 'How many characters of output to return.' },
      },
      ['commands'],
    ),
  },
  apply_patch: {
    description:
      'Creates, changes or deletes one file. The diff has no file headers: lines begin with a space, + or -, and ' +
      'hunks with @@; a new file is lines with + alone.',
    inputSchema: objectSchema(
      {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: TEXT,
        diff: { ...TEXT, description: 'Left out where a file is deleted.' },
      },
      ['type', 'path'],
    ),
  },
  tool_search: {
    description: 'Finds further tools, which can be called afterwards.',
    inputSchema: objectSchema({ query: TEXT }, ['query']),
  },
};

function objectSchema(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

function objectIn(item: JsonObject, name: string): JsonObject {
  const value = item[name];
  if (typeof value === 'string') return readArguments(value);
  return isJsonObject(value) ? value : {};
}

/** A model may write one text where a list belongs. */
function textsOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (isJsonList(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

function withoutNull(source: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) =>
      source[name] === null || source[name] === undefined ? [] : [[name, source[name]]],
    ),
  );
}
