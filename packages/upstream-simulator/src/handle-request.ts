// The way of a request: address, body, fault, vendor, delivery.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { breakConnection, deliver, sendJson } from './deliver.ts';
import { Exchange } from './exchange.ts';
import { FaultSyntaxError, readFaultRule, readFaultSpec } from './fault-spec.ts';
import type { Fault, FaultBoard } from './faults.ts';
import { parseJson } from './json.ts';
import { readFaultMarker } from './markers.ts';
import { type SplitPath, splitPath } from './paths.ts';
import { LoggedRequest, type RequestLog } from './request-log.ts';
import { digest } from './seed.ts';
import type { Tally } from './tally.ts';
import type { VendorRegistry } from './vendors/registry.ts';
import type { Answer, Call, Failure, JsonAnswer, Vendor } from './vendors/vendor.ts';

export interface SimulatorState {
  vendors: VendorRegistry;
  faults: FaultBoard;
  log: RequestLog;
  tally: Tally;
  nextRequestId: () => string;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const FAULT_HEADER = 'x-simulator-fault';
const GATEWAY_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head>' +
  '<body><center><h1>Bad gateway</h1></center><hr><center>cloudflare</center></body></html>\n';

export function handleRequest(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = request.url ?? '/';
  const address = splitPath(url);
  const record = new LoggedRequest(request.method ?? '', url, address.path, address.account, request.headers);
  const exchange = new Exchange(response, record, state.tally);
  const vendor = state.vendors.find(address.path, request.headers, address.query);
  record.apiKey = vendor.credential(request.headers, address.query).apiKey;
  readBody(request, (body, whole) => {
    record.rawBody = body;
    state.log.add(record);
    const call = makeCall(state, vendor, record, address, whole);
    record.model = vendor.model(call.body, call.path);
    record.requestId = call.requestId;
    exchange.open();
    if (whole === 'left') return;
    if (whole === 'too-large') {
      response.setHeader('connection', 'close');
      sendJson(exchange, vendor.failure(call, { status: 413 }));
      return;
    }
    answerCall(state, exchange, vendor, call, address.faultSpec);
  });
}

type BodyEnd = 'whole' | 'too-large' | 'left';

function readBody(request: IncomingMessage, done: (body: Buffer, end: BodyEnd) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let finished = false;
  const finish = (end: BodyEnd): void => {
    if (finished) return;
    finished = true;
    const [only] = chunks;
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), end);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else finish('too-large');
  });
  request.once('end', () => finish('whole'));
  request.once('error', () => finish('left'));
  request.once('close', () => finish('left'));
}

function makeCall(
  state: SimulatorState,
  vendor: Vendor,
  record: LoggedRequest,
  address: SplitPath,
  end: BodyEnd,
): Call {
  return {
    method: record.method,
    url: record.url,
    path: address.path,
    query: address.query,
    headers: record.headers,
    rawBody: record.rawBody,
    body:
      end === 'whole' && record.rawBody.length > 0 ? parseJson(record.rawBody.toString('utf8')) : undefined,
    account: address.account,
    credential: vendor.credential(record.headers, address.query),
    requestId: state.nextRequestId(),
  };
}

function answerCall(
  state: SimulatorState,
  exchange: Exchange,
  vendor: Vendor,
  call: Call,
  pathSpec: string | null,
): void {
  let fault: Fault | null;
  try {
    fault = pickFault(state.faults, exchange.record, vendor, call, pathSpec);
  } catch (error) {
    if (!(error instanceof FaultSyntaxError)) throw error;
    sendJson(exchange, vendor.failure(call, { status: 400, message: `simulator: ${error.message}` }));
    return;
  }
  if (fault?.hang === true && fault.delayMs === undefined) return;
  if (fault?.reset === true && fault.delayMs === undefined) {
    breakConnection(exchange, 'reset');
    return;
  }
  const answer = fault === null ? vendor.answer(call) : answerUnder(fault, vendor, call);
  if (fault === null && answer.kind === 'json' && (answer.workMs ?? 0) === 0) {
    sendJson(exchange, answer);
    return;
  }
  void deliver(exchange, answer, fault, (index) =>
    vendor.errorEvent(call, fault?.errorType, fault?.message, index),
  );
}

/** What came with the request itself goes before what was set from outside. */
function pickFault(
  board: FaultBoard,
  record: LoggedRequest,
  vendor: Vendor,
  call: Call,
  pathSpec: string | null,
): Fault | null {
  const header = call.headers[FAULT_HEADER];
  if (typeof header === 'string') {
    const scope = `header ${header} ${digest(call.rawBody)}`;
    const fault = board.pickScoped(scope, readFaultRule(parseJson(header)));
    if (fault !== null) return fault;
  }
  if (call.rawBody.includes('[[fault:')) {
    const prompt = vendor.prompt(call.body, call.path);
    const marker = readFaultMarker(prompt);
    const fault =
      marker === null ? null : board.pickScoped(`prompt ${digest(prompt)}`, readFaultSpec(marker));
    if (fault !== null) return fault;
  }
  const { apiKey, account, model } = record;
  const queryStart = record.url.indexOf('?');
  const fullPath = queryStart === -1 ? record.url : record.url.slice(0, queryStart);
  const fault = board.pick({ apiKey, account, fullPath, path: call.path, model });
  if (fault !== null || pathSpec === null) return fault;
  return board.pickScoped(`path ${account ?? ''} ${pathSpec}`, readFaultSpec(pathSpec));
}

function answerUnder(fault: Fault, vendor: Vendor, call: Call): Answer {
  if (fault.jsonErrorIn200 === true) {
    return { ...vendor.failure(call, failureOf(fault, fault.status ?? 500)), status: 200, failed: true };
  }
  if (fault.status === undefined && fault.body === undefined && fault.html !== true)
    return vendor.answer(call);
  const status = fault.status ?? (fault.html === true ? 502 : 200);
  const answer = vendor.failure(call, failureOf(fault, status));
  const body = fault.body ?? (fault.html === true ? GATEWAY_PAGE : null);
  return body === null ? answer : rawAnswer(answer, body);
}

function failureOf({ errorType: type, message, retryAfter }: Fault, status: number): Failure {
  return { status, type, message, retryAfter };
}

function rawAnswer(answer: JsonAnswer, body: string): JsonAnswer {
  const contentType = parseJson(body) === undefined ? 'text/html; charset=UTF-8' : 'application/json';
  return { ...answer, body, headers: { ...answer.headers, 'content-type': contentType } };
}
