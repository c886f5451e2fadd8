// Owns how single settings are read from text: what is accepted, and the words for what is not.
import { isIP } from 'node:net';
import { z } from 'zod';

/** `parse` answers undefined for text it does not accept; `expected` then says what would be. */
function setting<T>(expected: string, parse: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });
}

export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return setting(`a whole number from ${min} to ${max}`, (text) =>
    /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined,
  );
}

export function decimal(min: number, max: number): z.ZodType<number, string> {
  return setting(`a number from ${min} to ${max}`, (text) =>
    /^-?\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined,
  );
}

export const MAX_TIMEOUT_MS = 24 * 3_600_000;
export const milliseconds = wholeNumber(1, MAX_TIMEOUT_MS);
export const seconds = wholeNumber(0, 86_400);

const YES = new Set(['true', '1', 'yes', 'on']);
const NO = new Set(['false', '0', 'no', 'off']);

export const flag = setting('true or false', readFlag);

function readFlag(text: string): boolean | undefined {
  if (YES.has(text.toLowerCase())) return true;
  return NO.has(text.toLowerCase()) ? false : undefined;
}

export function oneOf<const Word extends string>(words: readonly Word[]): z.ZodType<Word, string> {
  return setting(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text));
}

export function matching(pattern: RegExp, expected: string): z.ZodType<string, string> {
  return setting(expected, (text) => (pattern.test(text) ? text : undefined));
}

/** Taken as it is, blanks at its ends included. */
export const anyText = z.string();

/** Not a word of the secret itself gets into a message. */
export function secretOf(minLength: number): z.ZodType<string, string> {
  return z.string().min(minLength, `expected at least ${minLength} characters`);
}

export function url(protocols: readonly string[]): z.ZodType<string, string> {
  return setting(
    `an address that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`,
    (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined),
  );
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** All or nothing: one item that is not accepted refuses the list. */
export function list<T>(expected: string, parse: (item: string) => T | undefined): z.ZodType<T[], string> {
  return setting(expected, (text) => {
    const items = listOf(text).map(parse);
    return items.every((item) => item !== undefined) ? items : undefined;
  });
}

export const origins = list(
  'origins like https://console.example.com, separated by commas (* is not offered: sessions ride on cookies)',
  (item) =>
    URL.canParse(item) &&
    /^https?:$/.test(new URL(item).protocol) &&
    new URL(item).origin === item.toLowerCase()
      ? item.toLowerCase()
      : undefined,
);

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export const hostPorts = list('host:port, separated by commas', (item): HostPort | undefined => {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:]+)\]|([^:\s/[\]]+)):(\d{1,5})$/i.exec(item) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
});

/** `true` trusts any; a number counts proxies; a list names them. */
export type TrustProxy = boolean | number | string[];

export const trustProxy = setting<TrustProxy>(
  'true, false, a number of proxies, or their addresses (10.0.0.0/8, loopback) separated by commas',
  (text) => {
    if (/^\d{1,2}$/.test(text)) return Number(text);
    const isFlag = readFlag(text);
    if (isFlag !== undefined) return isFlag;
    const items = listOf(text);
    return items.length > 0 && items.every(isProxyAddress) ? items : undefined;
  },
);

function isProxyAddress(item: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(item)) return true;
  const [address = '', bits, ...more] = item.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export const zoneName = setting('an IANA name like Asia/Shanghai', (text) => {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions();
    return timeZone === '' ? undefined : text;
  } catch {
    return undefined;
  }
});
