// Faults as others write them: JSON objects, and `status=529,rate=0.3` in addresses and prompts.
import type { FaultRule } from './faults.ts';
import { type JsonObject, isObject } from './json.ts';
import { findRecording } from './recordings.ts';

export class FaultSyntaxError extends Error {}

type Reader = (value: unknown) => unknown;

const number: Reader = (value) => {
  const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof parsed === 'number' && parsed >= 0 && Number.isFinite(parsed) ? parsed : undefined;
};
const integer: Reader = (value) => {
  const parsed = number(value);
  return Number.isInteger(parsed) ? parsed : undefined;
};
const flag: Reader = (value) => {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
};
const text: Reader = (value) => (typeof value === 'string' ? value : undefined);
const strings: Reader = (value) =>
  isObject(value) && Object.values(value).every((item) => typeof item === 'string') ? value : undefined;

const FIELDS: Readonly<Record<string, Reader>> = {
  status: (value) => {
    const status = integer(value);
    return typeof status === 'number' && status >= 200 && status <= 599 ? status : undefined;
  },
  errorType: text,
  message: text,
  body: text,
  html: flag,
  headers: strings,
  retryAfter: (value) => integer(value) ?? text(value),
  shouldRetry: flag,
  delayMs: number,
  firstEventDelayMs: number,
  paceMs: number,
  hang: flag,
  reset: flag,
  stall: integer,
  cut: integer,
  cutBytes: integer,
  cleanEnd: integer,
  errorEvent: integer,
  jsonErrorIn200: flag,
  chunking: (value) =>
    typeof value === 'string' && /^(?:whole|per-event|bytes:[1-9]\d*|plan:\w+)$/u.test(value)
      ? value
      : undefined,
  offsets: (value) => {
    const list = typeof value === 'string' ? value.split('+').map(integer) : value;
    return Array.isArray(list) && list.every((end) => Number.isInteger(end)) ? list : undefined;
  },
  crlf: flag,
  comments: flag,
  replay: (value) => (typeof value === 'string' && findRecording(value) !== null ? value : undefined),
  gzip: flag,
  match: (value) =>
    strings(value) !== undefined && isObject(value) && Object.keys(value).every((key) => MATCHES.has(key))
      ? value
      : undefined,
  rate: (value) => {
    const rate = number(value);
    return typeof rate === 'number' && rate <= 1 ? rate : undefined;
  },
  times: integer,
  seed: integer,
};
const MATCHES: ReadonlySet<string> = new Set(['apiKey', 'account', 'path', 'model']);

/** Throws `FaultSyntaxError` naming the field that is unknown or has a value it cannot have. */
export function readFaultRule(source: unknown): FaultRule {
  if (!isObject(source)) throw new FaultSyntaxError('a fault is a JSON object');
  const rule: JsonObject = {};
  for (const [name, value] of Object.entries(source)) {
    const reader = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (reader === undefined) throw new FaultSyntaxError(`unknown fault field "${name}"`);
    const read = reader(value);
    if (read === undefined)
      throw new FaultSyntaxError(`fault field "${name}" cannot be ${JSON.stringify(value)}`);
    rule[name] = read;
  }
  return rule;
}

/** `name=value` separated by commas; a bare name means true, `header.x-name=value` sets a header. */
export function readFaultSpec(spec: string): FaultRule {
  const fields: JsonObject = {};
  const headers: Record<string, string> = {};
  for (const item of spec.split(',')) {
    const equals = item.indexOf('=');
    const name = (equals === -1 ? item : item.slice(0, equals)).trim();
    const value = equals === -1 ? 'true' : item.slice(equals + 1).trim();
    if (name.startsWith('header.')) headers[name.slice('header.'.length).toLowerCase()] = value;
    else if (name !== '') fields[name] = value;
  }
  if (Object.keys(headers).length > 0) fields['headers'] = headers;
  return readFaultRule(fields);
}
