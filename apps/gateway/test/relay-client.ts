// An API client for journeys: raw HTTP, so that bytes, cuts and departures can be seen as they are.
import { type IncomingHttpHeaders, request } from 'node:http';
import type { RequestDetail, RequestRow } from '@crs/shared';
import type { TestGateway } from './gateway.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** False when the connection broke before the answer's end. */
  isWhole: boolean;
}

export interface SendOptions {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: object | string;
  /** Leaves as soon as that many bytes of the answer have come. */
  leaveAfterBytes?: number;
}

export const MODEL = 'claude-sonnet-5-5';

/** Sends a message with a key; resolves with whatever comes, never rejects for a broken answer. */
export function send(url: string, secret: string | null, options: SendOptions = {}): Promise<Answer> {
  const { path = '/api/v1/messages', method = 'POST', headers = {}, leaveAfterBytes } = options;
  const body =
    options.body === undefined
      ? ''
      : typeof options.body === 'string'
        ? options.body
        : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}${path}`,
      {
        method,
        headers: {
          ...(body === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          'anthropic-version': '2023-06-01',
          ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const done = (isWhole: boolean): void =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
            isWhole,
          });
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (leaveAfterBytes !== undefined && length >= leaveAfterBytes) outgoing.destroy();
        });
        incoming.on('end', () => done(true));
        incoming.on('error', () => done(false));
      },
    );
    outgoing.on('error', (error) => (leaveAfterBytes === undefined ? reject(error) : undefined));
    outgoing.end(body);
  });
}

/** A request body; `text` may hold the simulator's markers. */
export function message(text: string, fields: object = {}): object {
  return { model: MODEL, max_tokens: 200, messages: [{ role: 'user', content: text }], ...fields };
}

let accountNumber = 0;

/** An account whose base URL names it at the simulator (`/as/<name>`). */
export async function addAccount(
  { admin, simulator }: TestGateway,
  fields: {
    name?: string;
    priority?: number;
    maxConcurrency?: number;
    shared?: boolean;
    groupIds?: string[];
    dailyUsd?: number;
    baseUrl?: string;
    models?: { allow?: string[]; map?: Record<string, string> };
    enabled?: boolean;
  } = {},
): Promise<{ id: string; name: string; apiKey: string }> {
  accountNumber += 1;
  const { name = `account-${accountNumber}`, baseUrl = `${simulator.url}/as/${name}`, ...rest } = fields;
  const apiKey = `sk-ant-${name}`;
  const { id } = await admin.accounts.create({
    params: { kind: 'claude-console' },
    body: { name, settings: { baseUrl, auth: 'x-api-key' }, credential: { apiKey }, ...rest },
  });
  return { id, name, apiKey };
}

type KeyFields = Parameters<TestGateway['admin']['keys']['create']>[0]['body'];

export async function addKey(
  { admin }: TestGateway,
  fields: Partial<KeyFields> = {},
): Promise<{ id: string; secret: string }> {
  const { key, secret } = await admin.keys.create({ body: { name: 'test key', ...fields } });
  return { id: key.id, secret };
}

/** Newest first, once everything so far is on the books. */
export async function rows(gateway: TestGateway): Promise<RequestRow[]> {
  await gateway.settled();
  return (await gateway.admin.requests.list({ query: { pageSize: 100 } })).items;
}

/** The newest request, whole. */
export async function newest(gateway: TestGateway): Promise<RequestDetail> {
  const [row] = await rows(gateway);
  if (row === undefined) throw new Error('no request on the books');
  return gateway.admin.requests.get({ params: { id: row.id } });
}

/** The JSON of an answer's body. */
export function json(answer: Answer): Record<string, unknown> {
  const value: unknown = JSON.parse(answer.body.toString());
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value as Record<string, unknown>;
}

export interface AnthropicError {
  type: string;
  error: { type: string; message: string; details?: { error_code?: string } };
  request_id?: string;
}

export function errorOf(answer: Answer): AnthropicError {
  return JSON.parse(answer.body.toString()) as AnthropicError;
}
