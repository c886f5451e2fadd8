// Control over HTTP, below `/_simulator`: for programs that cannot call the library.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { FaultSyntaxError, readFaultRule } from './fault-spec.ts';
import type { SimulatorState } from './handle-request.ts';
import { type JsonObject, parseJson } from './json.ts';
import type { LoggedRequest } from './request-log.ts';

const DEFAULT_LIMIT = 100;

export function isControl(url: string): boolean {
  return url.startsWith('/_simulator/');
}

export async function handleControl(
  state: SimulatorState,
  reset: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /_simulator/requests': {
      const limit = Math.max(1, Number(url.searchParams.get('limit')) || DEFAULT_LIMIT);
      reply(response, 200, { requests: state.log.entries.slice(-limit).map(describe) });
      break;
    }
    case 'GET /_simulator/stats':
      reply(response, 200, { requests: state.tally.count(), rows: state.tally.rows() });
      break;
    case 'GET /_simulator/faults':
      reply(response, 200, { faults: state.faults.list() });
      break;
    case 'POST /_simulator/faults':
      await addFaults(state, request, response);
      break;
    case 'DELETE /_simulator/faults':
      state.faults.clear();
      reply(response, 200, { faults: [] });
      break;
    case 'POST /_simulator/reset':
      reset();
      reply(response, 200, { reset: true });
      break;
    default:
      reply(response, 404, { error: `no ${request.method} ${url.pathname} here` });
  }
}

/** One rule or a list; all or none are taken. */
async function addFaults(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const source = parseJson(await text(request));
    const rules = (Array.isArray(source) ? source : [source]).map(readFaultRule);
    for (const rule of rules) state.faults.add(rule);
    reply(response, 200, { faults: state.faults.list() });
  } catch (error) {
    if (!(error instanceof FaultSyntaxError)) throw error;
    reply(response, 400, { error: error.message });
  }
}

function describe(request: LoggedRequest): JsonObject {
  const { at, method, url, path, account, headers, apiKey, model, requestId } = request;
  const { status, outcome, eventsSent, closedEarlyAtMs, rawBody, body } = request;
  const arrived = { at, method, url, path, account, headers, apiKey, model, requestId };
  const answered = { status, outcome, eventsSent, closedEarlyAtMs };
  return { ...arrived, ...answered, bodyBytes: rawBody.length, body: body ?? rawBody.toString('utf8') };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
