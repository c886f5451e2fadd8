// Owns what of a change may be written down: every field that differs, before and after, and never a secret.
import { isJsonObject } from '../../platform/json.ts';

const SECRET_NAME =
  /password|secret|credential|token$|api_?key|private_?key|cookie|authorization|hash|sealed/i;
const SECRET = '[secret]';
const MAX_TEXT_CHARACTERS = 500;

export interface FieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Objects are compared field by field, what comes or goes as a whole with nothing, everything else as a whole. A secret is
 * only said to differ.
 */
export function describeChange(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isSame(before, after)) return [];
  if (path === '' && before === undefined && isJsonObject(after)) return describeChange({}, after);
  if (path === '' && after === undefined && isJsonObject(before)) return describeChange(before, {});
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      describeChange(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before: withoutSecrets(before, path) }),
      ...(after === undefined ? {} : { after: withoutSecrets(after, path) }),
    },
  ];
}

function isSame(before: unknown, after: unknown): boolean {
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}

function withoutSecrets(value: unknown, path: string): unknown {
  if (path.split('.').some((name) => SECRET_NAME.test(name))) return SECRET;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, path));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, `${path}.${name}`)]),
    );
  }
  return typeof value === 'string' ? value.slice(0, MAX_TEXT_CHARACTERS) : value;
}
