// Owns the reading of a JSON Schema into fields that can be drawn, and of drawn values into a body. Pure.

export type JsonObject = Record<string, unknown>;

interface FieldBase {
  /** Property name. */
  name: string;
  required: boolean;
  title: string;
  description: string;
  initial: unknown;
}

export type SchemaField = FieldBase &
  (
    | { kind: 'string' | 'password' | 'uri' | 'time' }
    | { kind: 'number'; integer: boolean; minimum: number | null; maximum: number | null }
    | { kind: 'enum'; options: string[] }
    | { kind: 'boolean' }
    | { kind: 'list' }
    | { kind: 'map' }
    | { kind: 'constant'; value: unknown }
    | { kind: 'json' }
  );

export interface SchemaVariant {
  title: string;
  fields: SchemaField[];
}

const secretNames = /password|secret|token$|apiKey$/i;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(Math.trunc(value)) ? value : null;
}

/** The ways to fill an object: one for a plain object, several for `oneOf`/`anyOf` of objects. */
export function describeSchema(schema: JsonObject): SchemaVariant[] {
  const choices = [...objects(schema['oneOf']), ...objects(schema['anyOf'])];
  if (choices.length === 0) return [{ title: text(schema['title']), fields: fieldsOf(schema) }];
  const shared = fieldsOf(schema);
  return choices.map((choice, index) => {
    const own = fieldsOf(choice);
    return {
      title: text(choice['title']) || own.map((field) => field.name).join(' + ') || String(index + 1),
      fields: [...shared, ...own],
    };
  });
}

function fieldsOf(schema: JsonObject): SchemaField[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isObject(property) ? property : {}, required.includes(name)),
  );
}

function fieldOf(name: string, outer: JsonObject, required: boolean): SchemaField {
  const schema = withoutNull(outer);
  const base: FieldBase = {
    name,
    required: required && outer['default'] === undefined,
    title: text(schema['title']),
    description: text(schema['description']),
    initial: outer['default'] ?? schema['default'],
  };
  if ('const' in schema) return { ...base, kind: 'constant', value: schema['const'] };
  const options = Array.isArray(schema['enum'])
    ? schema['enum'].filter((option) => typeof option === 'string')
    : [];
  if (options.length > 0) return { ...base, kind: 'enum', options };
  switch (schema['type']) {
    case 'string':
      return { ...base, kind: stringKind(name, schema) };
    case 'integer':
    case 'number':
      return {
        ...base,
        kind: 'number',
        integer: schema['type'] === 'integer',
        minimum: numberOrNull(schema['minimum']),
        maximum: numberOrNull(schema['maximum']),
      };
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'array':
      return isObject(schema['items']) && schema['items']['type'] === 'string'
        ? { ...base, kind: 'list' }
        : { ...base, kind: 'json' };
    case 'object':
      return isStringMap(schema) ? { ...base, kind: 'map' } : { ...base, kind: 'json' };
    default:
      return { ...base, kind: 'json' };
  }
}

function stringKind(name: string, schema: JsonObject): 'string' | 'password' | 'uri' | 'time' {
  const format = schema['format'];
  if (format === 'uri' || format === 'url') return 'uri';
  if (format === 'date-time') return 'time';
  return format === 'password' || schema['writeOnly'] === true || secretNames.test(name)
    ? 'password'
    : 'string';
}

function isStringMap(schema: JsonObject): boolean {
  const values = schema['additionalProperties'];
  return !isObject(schema['properties']) && isObject(values) && values['type'] === 'string';
}

/** `anyOf: [X, null]` and `type: [x, "null"]` mean X that may be absent. */
function withoutNull(schema: JsonObject): JsonObject {
  const type = schema['type'];
  if (Array.isArray(type)) {
    const kinds = type.filter((kind) => kind !== 'null');
    return kinds.length === 1 ? { ...schema, type: kinds[0] } : schema;
  }
  const choices = [...objects(schema['anyOf']), ...objects(schema['oneOf'])].filter(
    (choice) => choice['type'] !== 'null',
  );
  if (choices.length !== 1) return schema;
  const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
  return { ...rest, ...choices[0] };
}

/** What the controls of a variant start with: present values, else defaults, else empty. */
export function initialValues(variant: SchemaVariant, present: JsonObject = {}): JsonObject {
  return Object.fromEntries(
    variant.fields.map((field) => [field.name, controlValue(field, present[field.name] ?? field.initial)]),
  );
}

function controlValue(field: SchemaField, value: unknown): unknown {
  switch (field.kind) {
    case 'constant':
      return field.value;
    case 'boolean':
      return value === true;
    case 'list':
      return Array.isArray(value) ? value : [];
    case 'map':
      return isObject(value) ? Object.entries(value).map(([from, to]) => ({ from, to: String(to) })) : [];
    case 'json':
      return value === undefined ? '' : JSON.stringify(value, null, 2);
    case 'number':
      return typeof value === 'number' ? String(value) : '';
    case 'enum':
      return typeof value === 'string' && field.options.includes(value) ? value : '';
    case 'string':
    case 'password':
    case 'uri':
    case 'time':
      return typeof value === 'string' ? value : '';
  }
}

/** The variant that present values fit best: the first one none of whose required fields is missing. */
export function matchVariant(variants: readonly SchemaVariant[], present: JsonObject): number {
  const index = variants.findIndex((variant) =>
    variant.fields.every((field) => !field.required || present[field.name] !== undefined),
  );
  return Math.max(0, index);
}

export type BodyResult = { body: JsonObject; invalid: string[] };

/**
 * The object to send: empty optional fields left out, numbers and JSON read; `invalid` names unreadable fields. With
 * `clears` empty optional fields are null: what is stored goes.
 */
export function toBody(variant: SchemaVariant, values: JsonObject, clears = false): BodyResult {
  const body: JsonObject = {};
  const invalid: string[] = [];
  for (const field of variant.fields) {
    const value = bodyValue(field, values[field.name]);
    if (value === unreadable) invalid.push(field.name);
    else if (value !== undefined) body[field.name] = value;
    else if (clears && !field.required) body[field.name] = null;
  }
  return { body, invalid };
}

const unreadable = Symbol('unreadable');

function bodyValue(field: SchemaField, value: unknown): unknown {
  switch (field.kind) {
    case 'constant':
      return field.value;
    case 'boolean':
      return value === true;
    case 'list':
      return Array.isArray(value) && (value.length > 0 || field.required) ? value : undefined;
    case 'map': {
      const entries = objects(value).map(({ from, to }) => [text(from).trim(), text(to).trim()] as const);
      const filled = entries.filter(([from]) => from !== '');
      return filled.length > 0 || field.required ? Object.fromEntries(filled) : undefined;
    }
    case 'number': {
      const written = text(value).trim();
      if (written === '') return undefined;
      return Number.isFinite(Number(written)) ? Number(written) : unreadable;
    }
    case 'json': {
      const written = text(value).trim();
      if (written === '') return undefined;
      try {
        return JSON.parse(written) as unknown;
      } catch {
        return unreadable;
      }
    }
    case 'string':
    case 'password':
    case 'uri':
    case 'time':
    case 'enum': {
      const written = text(value).trim();
      return written === '' ? undefined : written;
    }
  }
}
