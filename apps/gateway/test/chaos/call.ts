// One call of a client that keeps count: it may leave after so many events or so much time, and tells how it went.
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { message } from '../relay-client.ts';
import { callMark } from './simulator-process.ts';

export interface CallPlan {
  /** Also in the prompt, so that the upstream knows it. */
  readonly number: number;
  /** Markers for the simulator. */
  readonly text: string;
  readonly stream: boolean;
  /** The test's usual one where absent. */
  readonly model?: string;
  readonly leave?: { readonly afterEvents: number } | { readonly afterMs: number } | null;
  readonly session?: string | null;
}

export interface CallResult {
  readonly number: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** 0 when no answer began. */
  readonly status: number;
  /** The gateway's id of the request, where an answer began. */
  readonly requestId: string | null;
  /** `unreached`: no connection, or none that lived long enough for an answer. */
  readonly end: 'whole' | 'broken' | 'left' | 'unreached';
  /** The answer's own end came: the last event of a stream, the whole of a JSON. */
  readonly isComplete: boolean;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** Never rejects. */
export function sendCall(url: string, secret: string, plan: CallPlan): Promise<CallResult> {
  return new Promise((resolve) => new OpenCall(url, secret, plan, resolve));
}

class OpenCall {
  readonly #plan: CallPlan;
  readonly #resolve: (result: CallResult) => void;
  readonly #startedAtMs = Date.now();
  readonly #startedAt = performance.now();
  readonly #outgoing: ClientRequest;
  #incoming: IncomingMessage | null = null;
  #body = '';
  #hasLeft = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(url: string, secret: string, plan: CallPlan, resolve: (result: CallResult) => void) {
    this.#plan = plan;
    this.#resolve = resolve;
    const body = JSON.stringify(
      message(`${plan.text} ${callMark(plan.number)}`, {
        stream: plan.stream,
        ...(plan.model === undefined ? {} : { model: plan.model }),
      }),
    );
    const { session = null, leave = null } = plan;
    this.#outgoing = request(
      `${url}/api/v1/messages`,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'anthropic-version': '2023-06-01',
          authorization: `Bearer ${secret}`,
          ...(session === null ? {} : { 'x-claude-code-session-id': session }),
        },
      },
      (incoming) => this.#receive(incoming),
    );
    this.#outgoing.on('error', () => this.#finish(this.#incoming === null ? 'unreached' : 'broken'));
    this.#outgoing.end(body);
    if (leave !== null && 'afterMs' in leave) this.#timer = setTimeout(() => this.#leave(), leave.afterMs);
  }

  #receive(incoming: IncomingMessage): void {
    this.#incoming = incoming;
    const { leave = null } = this.#plan;
    const events = leave !== null && 'afterEvents' in leave ? leave.afterEvents : null;
    if (events === 0) return this.#leave();
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => {
      this.#body += text;
      if (events !== null && this.#body.split('\n\n').length > events) this.#leave();
    });
    incoming.on('end', () => this.#finish('whole'));
    incoming.on('error', () => this.#finish('broken'));
    incoming.on('aborted', () => this.#finish('broken'));
  }

  #leave(): void {
    this.#hasLeft = true;
    this.#outgoing.destroy();
    this.#finish('left');
  }

  #finish(end: CallResult['end']): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const status = this.#incoming?.statusCode ?? 0;
    const id = this.#incoming?.headers['x-request-id'];
    this.#resolve({
      number: this.#plan.number,
      startedAtMs: this.#startedAtMs,
      durationMs: performance.now() - this.#startedAt,
      status,
      requestId: typeof id === 'string' ? id : null,
      end: this.#hasLeft ? 'left' : end,
      isComplete: status === 200 && end === 'whole' && isCompleteAnswer(this.#body),
      body: this.#body,
    });
  }
}

/** The last event of a stream, or a message that can be read whole. */
function isCompleteAnswer(body: string): boolean {
  if (body.includes('event: message_stop')) return true;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'type' in value && value.type === 'message';
  } catch {
    return false;
  }
}
