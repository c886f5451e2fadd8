// Owns one streamed request from this page with a pasted key, read as it comes.
import type { GuideDialect } from './clients';
import { errorMessage, requestIn, textOfEvent } from './requests';

export interface TestAnswer {
  readonly requestId: string | null;
  readonly firstEventMs: number;
  readonly durationMs: number;
}

interface TestOptions {
  readonly dialect: GuideDialect;
  readonly key: string;
  readonly model: string;
  /** The whole text so far. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

export class RefusedTest extends Error {
  readonly status: number;
  readonly requestId: string | null;

  constructor(message: string, status: number, requestId: string | null) {
    super(message);
    this.name = 'RefusedTest';
    this.status = status;
    this.requestId = requestId;
  }
}

/** Throws RefusedTest with the gateway's words; anything else that is thrown is a connection that broke. */
export async function sendTest({ dialect, key, model, onText, signal }: TestOptions): Promise<TestAnswer> {
  const { path, headers, body } = requestIn(dialect, { key, model, isStream: true });
  const startedMs = performance.now();
  const response = await fetch(path, {
    method: 'POST',
    signal,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const requestId = response.headers.get('x-request-id');
  const refused = (message: string) => new RefusedTest(message, response.status, requestId);
  if (!response.ok || response.body === null) throw refused(await refusalOf(response));
  let text = '';
  let firstEventMs: number | null = null;
  for await (const data of eventsOf(response.body)) {
    firstEventMs ??= performance.now() - startedMs;
    try {
      text += textOfEvent(dialect, data);
    } catch (error) {
      throw refused(error instanceof Error ? error.message : String(error));
    }
    onText(text);
  }
  const durationMs = performance.now() - startedMs;
  return { requestId, firstEventMs: firstEventMs ?? durationMs, durationMs };
}

async function refusalOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return errorMessage(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}

/** The data of server-sent events, whatever the pieces they come in. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        const data = /^data: ?(.*?)\r?$/.exec(line)?.[1];
        if (data !== undefined && data !== '') yield data;
      }
      if (done) return;
    }
  } finally {
    // Whoever stops listening frees the connection.
    await reader.cancel().catch(() => undefined);
  }
}
