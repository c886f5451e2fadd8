// Owns JSON Schemas as Anthropic promises to keep to them: closed objects, few keywords. What else a schema says of a
// value goes into its description, where the model reads it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';

/** Copied as they are. */
const PLAIN = ['$ref', 'type', 'enum', 'const', 'title', 'required'] as const;
const FORMATS: ReadonlySet<string> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);
/** Say which schema language it is, or what is said by closing. */
const MEANINGLESS: ReadonlySet<string> = new Set(['$schema', '$id', 'additionalProperties']);
const LISTS = { anyOf: 'anyOf', oneOf: 'anyOf', allOf: 'allOf' } as const;
const MAPS = ['properties', '$defs', 'definitions'] as const;

/** Null where it cannot be said so: objects with members that it does not name. */
export function closedSchema(schema: JsonObject): JsonObject | null {
  try {
    return close(schema);
  } catch (error) {
    if (error instanceof OpenObject) return null;
    throw error;
  }
}

class OpenObject extends Error {}

function close(schema: JsonObject): JsonObject {
  const closed: Record<string, JsonValue> = {};
  const remarks: string[] = [];
  if (isOpen(schema)) throw new OpenObject();
  for (const [name, value] of Object.entries(schema)) {
    if (value === undefined || MEANINGLESS.has(name) || name === 'description') continue;
    const kept = keep(name, value);
    if (kept === null) remarks.push(`${name}: ${JSON.stringify(value)}`);
    else closed[kept.name] = kept.value;
  }
  if (schema['type'] === 'object') closed['additionalProperties'] = false;
  const own = schema['description'];
  const description = [
    typeof own === 'string' ? own : '',
    remarks.length === 0 ? '' : `{${remarks.join(', ')}}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
  return description === '' ? closed : { ...closed, description };
}

/** A map, or an object of whatever members. */
function isOpen({ type, properties, additionalProperties: others }: JsonObject): boolean {
  if (isJsonObject(others) || others === true) return true;
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
  const isNamed = isJsonObject(properties) && Object.keys(properties).length > 0;
  return isObject && !isNamed && others !== false;
}

/** As it stands in the closed schema; null: the vendor does not know it. */
function keep(name: string, value: JsonValue): { readonly name: string; readonly value: JsonValue } | null {
  if (PLAIN.some((plain) => plain === name)) return { name, value };
  if (MAPS.some((map) => map === name) && isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => [key, closeInner(inner)] as const);
    return { name, value: Object.fromEntries(entries) };
  }
  if (name === 'items' && isJsonObject(value)) return { name, value: close(value) };
  if (name === 'format' && typeof value === 'string' && FORMATS.has(value)) return { name, value };
  if (name === 'minItems' && (value === 0 || value === 1)) return { name, value };
  if (name === 'anyOf' || name === 'oneOf' || name === 'allOf') {
    return Array.isArray(value) ? { name: LISTS[name], value: value.map(closeInner) } : null;
  }
  return null;
}

/** A schema of `true` takes anything. */
function closeInner(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) throw new OpenObject();
  return close(schema);
}
