// Stage 8, once for every admitted request: its row, its figures, its log line. Nobody waits for it.
import { type RequestRecord, tokensOf } from '../modules/usage/index.ts';
import { isBilled } from '../protocols/protocol.ts';
import type { LoopEnd } from './endings.ts';
import type { Call } from './call.ts';
import { type Ending, requestRecord } from './records.ts';
import type { RelayServices } from './services.ts';

/** Status of a client that left before it was answered; nobody sees it but the rows. */
const CLIENT_LEFT_STATUS = 499;

export function settle(end: LoopEnd, call: Call, services: RelayServices): void {
  if (end.type === 'refused') call.timeline.mark('refused', end.error.message);
  call.timeline.mark('ended', end.type);
  const ending = endingOf(end, call);
  const record = requestRecord(call, call.attempts, ending);
  learn(call, record, services);
  const { metrics } = services;
  if (isBilled(call.operation)) {
    services.journal.close(null, [{ type: 'request', record }]);
    metrics.spoolPending.set(services.journal.pending);
    metrics.tokens.inc({ bucket: 'input' }, record.usage.input);
    metrics.tokens.inc({ bucket: 'cache_write_5m' }, record.usage.cacheWrite5m);
    metrics.tokens.inc({ bucket: 'cache_write_1h' }, record.usage.cacheWrite1h);
    metrics.tokens.inc({ bucket: 'cache_read' }, record.usage.cacheRead);
    metrics.tokens.inc({ bucket: 'output' }, record.usage.output);
    metrics.costUsd.inc(record.costNanoUsd / 1e9);
  }
  metrics.relayRequests.inc({
    dialect: record.dialect,
    outcome: record.outcome,
    status: String(record.status),
  });
  metrics.relayDurationSeconds.observe(call.timeline.elapsedMs() / 1000);
  if (record.firstEventMs !== null) metrics.firstEventSeconds.observe(record.firstEventMs / 1000);
  services.logRequest({
    requestId: call.id,
    keyId: call.key.id,
    accountId: record.accountId,
    model: record.model,
    client: record.client,
    stream: record.stream,
    outcome: record.outcome,
    status: record.status,
    code: record.errorCode,
    attempts: call.attempts.length,
    costNanoUsd: record.costNanoUsd,
    firstEventMs: record.firstEventMs,
    durationMs: record.durationMs,
  });
}

/** What the request has cost, for the next ones; and a strict reservation that did not hold is told. */
function learn(call: Call, record: RequestRecord, { limits, onProblem }: RelayServices): void {
  const { hold, key } = call;
  const spent = { usd: record.chargedNanoUsd, tokens: tokensOf(record.usage) };
  if (spent.tokens > 0) limits.expectations.note(key.id, record.model, spent);
  const isOver = hold.reserved.usd > 0 && spent.usd > hold.reserved.usd;
  if (key.budgetMode === 'strict' && isOver) {
    const detail = `${call.id}: ${spent.usd} nano-USD of ${hold.reserved.usd}`;
    onProblem('a request was charged more than its strict reservation', new Error(detail));
  }
}

function endingOf(end: LoopEnd, { delivery }: Call): Ending {
  switch (end.type) {
    case 'delivered':
      return { status: delivery.status, outcome: 'ok', errorCode: null };
    case 'client_left':
      return {
        status: delivery.isBegun ? delivery.status : CLIENT_LEFT_STATUS,
        outcome: 'client_left',
        errorCode: 'client_left',
      };
    case 'broken':
      return { status: delivery.status, outcome: 'failed', errorCode: end.error.code };
    case 'upstream_error':
      return { status: end.answer.status, outcome: 'failed', errorCode: end.code };
    case 'refused':
      return {
        status: end.error.status,
        outcome: end.error.code.startsWith('upstream_') ? 'failed' : 'refused',
        errorCode: end.error.code,
      };
  }
}
