// A request of the past on its way: who asks for what, and a timeline that goes on as it is told.
import type { PriceBook } from '../../../../apps/gateway/src/modules/pricing/index.ts';
import { modelFamily } from '../../../../apps/gateway/src/protocols/model-family.ts';
import type { DialectId, RequestFacts } from '../../../../apps/gateway/src/protocols/protocol.ts';
import { recogniseClient } from '../../../../apps/gateway/src/protocols/recognise-client.ts';
import { Timeline } from '../../../../apps/gateway/src/relay/call.ts';
import type { RecordedCall } from '../../../../apps/gateway/src/relay/records.ts';
import { type SampleClient, sampleClients } from '../clients.ts';
import type { Habit } from '../habits.ts';
import type { Random } from '../random.ts';

const dialects: Readonly<Record<SampleClient, DialectId>> = {
  'claude-code': 'anthropic',
  codex: 'openai-responses',
  'gemini-cli': 'gemini',
  chat: 'openai-chat',
  review: 'anthropic',
  search: 'anthropic',
};

/** A request as far as it has come. */
export interface PastCall extends RecordedCall {
  readonly prices: PriceBook;
  readonly timeline: PastTimeline;
  readonly habit: Habit;
  decision: RecordedCall['decision'];
}

/** Goes on as it is told. */
export class PastTimeline extends Timeline {
  nowMs = 0;

  pass(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  override elapsedMs(): number {
    return Math.round(this.nowMs * 10) / 10;
  }
}

export function factsOf(habit: Habit, model: string, stream: boolean): RequestFacts {
  const { headers } = sampleClients[habit.client]({
    secret: '',
    model,
    turns: [],
    stream,
    system: '',
    session: '',
  });
  return {
    dialect: dialects[habit.client],
    operation: 'generate',
    model,
    family: modelFamily(model),
    stream,
    sessionId: null,
    maxOutputTokens: null,
    inputTokensEstimate: habit.systemTokens,
    ceiling: {
      inputTokens: null,
      passes: 1,
      webSearches: 0,
      conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    },
    client: recogniseClient(headers),
    service: null,
    pinnedTo: null,
    streamForm: 'events',
  };
}

/** Ids say when a request came, as the gateway's own do. */
export function requestId(atMs: number, random: Random): string {
  return `req_${atMs.toString(16).padStart(12, '0')}${hex(16, random)}`;
}

export function upstreamId(random: Random): string {
  return `req_011C${hex(20, random)}`;
}

function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
