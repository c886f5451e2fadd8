// Owns how Google's own schema, an OpenAPI 3.0 dialect with its types in capitals, becomes JSON Schema.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { isList } from './read.ts';

/** Members that hold one schema, a list of them, or a map of them. */
const SINGLE = new Set(['items', 'additionalProperties', 'not', 'contains', 'propertyNames']);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const MAPS = new Set(['properties', '$defs', 'defs', 'definitions', 'patternProperties']);
/** 64-bit numbers, which Google writes as strings. */
const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);
/** Google's own; they mean nothing to others. */
const OWN = new Set(['nullable', 'propertyOrdering', 'example']);

/** Also for JSON Schema that only its types betray as Google's, which its own clients send. */
export function toJsonSchema(schema: JsonObject): JsonObject {
  const converted: Record<string, JsonValue | undefined> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (value !== undefined && !OWN.has(name)) converted[name] = convert(name, value);
  }
  const { type } = converted;
  if (schema['nullable'] === true && typeof type === 'string') converted['type'] = [type, 'null'];
  if (schema['nullable'] === true && isList(schema['enum'])) converted['enum'] = [...schema['enum'], null];
  return converted;
}

function convert(name: string, value: JsonValue): JsonValue {
  if (name === 'type') return lowerCase(value);
  if (SINGLE.has(name) && isJsonObject(value)) return toJsonSchema(value);
  if (LISTS.has(name) && isList(value)) {
    return value.map((item) => (isJsonObject(item) ? toJsonSchema(item) : item));
  }
  if (MAPS.has(name) && isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, isJsonObject(item) ? toJsonSchema(item) : item]),
    );
  }
  return COUNTS.has(name) && typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function lowerCase(type: JsonValue): JsonValue {
  if (typeof type === 'string') return type.toLowerCase();
  return isList(type) ? type.map((item) => (typeof item === 'string' ? item.toLowerCase() : item)) : type;
}
