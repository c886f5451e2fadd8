// Owns what never reaches a log: fields by their names, and secrets inside texts by their shapes.
import { isJsonObject } from './json.ts';

const REDACTED = '[redacted]';

/** Compared in lower case, without - and _. */
const SECRET_FIELDS = new Set([
  'authorization',
  'proxyauthorization',
  'xapikey',
  'apikey',
  'xgoogapikey',
  'key',
  'cookie',
  'setcookie',
  'password',
  'passwordhash',
  'adminpassword',
  'sentinelpassword',
  'secret',
  'secrethash',
  'credential',
  'credentials',
  'credentialsealed',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearertoken',
  'sessiontoken',
  'secretaccesskey',
  'jwtsecret',
  'encryptionkey',
  'metricstoken',
]);

const MAX_DEPTH = 8;

/** A copy of the fields of a line without secrets; the same object where there are none. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const kept =
      isSecretField(name) && value !== null && value !== undefined ? REDACTED : redactValue(value, depth);
    if (kept === value) continue;
    copy ??= { ...fields };
    copy[name] = kept;
  }
  return copy ?? fields;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return redactList(value, depth);
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  return isPlain && isJsonObject(value) ? redactObject(value, depth + 1) : value;
}

/** Also flat header lists, where a value follows its name. */
function redactList(list: readonly unknown[], depth: number): readonly unknown[] {
  const copy = list.map((item, index) => {
    const name = list[index - 1];
    const isHeaderValue = index % 2 === 1 && typeof name === 'string' && isSecretField(name);
    return isHeaderValue ? REDACTED : redactValue(item, depth + 1);
  });
  return copy.some((item, index) => item !== list[index]) ? copy : list;
}

/** Most lines have the same few names. */
const judged = new Map<string, boolean>();
const MAX_JUDGED = 1000;

function isSecretField(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const isSecret = SECRET_FIELDS.has(name.toLowerCase().replace(/[-_]/g, ''));
  if (judged.size < MAX_JUDGED) judged.set(name, isSecret);
  return isSecret;
}

const SECRET_TEXT =
  /([?&](?:key|api_key|apikey|token|access_token)=)[^&\s"'\\]+|\b(Bearer |Basic )[\w.~+/=-]{8,}|\b(sk-|cr_|AIza)[\w-]{16,}|(\/\/[^/\s:@"]*:)[^/\s@"]+(?=@)/gi;

/** A finished line without secrets that sit inside its texts: `?key=` of URLs, bearer tokens, keys, URL passwords. */
export function redactText(line: string): string {
  return line.replace(
    SECRET_TEXT,
    (_all, query?: string, scheme?: string, prefix?: string, login?: string) =>
      `${query ?? scheme ?? prefix ?? login ?? ''}${REDACTED}`,
  );
}
