// Owns the facts of a request that its index carries: filters, sorts and counts of the list look at nothing else.
import { requestOutcomes } from '@crs/shared';
import type { RequestRecord } from './records.ts';

/** What the request list can filter and sort by without opening the record. */
export interface RowFacts {
  readonly id: string;
  readonly status: number;
  readonly outcome: RequestRecord['outcome'];
  readonly stream: boolean;
  readonly kind: string | null;
  readonly client: string;
  readonly costNanoUsd: number;
  readonly durationMs: number;
  readonly firstEventMs: number | null;
  readonly keyId: string;
  readonly userId: string | null;
  readonly accountId: string | null;
  /** As the client asked. */
  readonly model: string;
}

export function factsOf(record: RequestRecord): RowFacts {
  const { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs } = record;
  const { keyId, userId, accountId, model } = record;
  return {
    id,
    status,
    outcome,
    stream,
    kind,
    client,
    costNanoUsd,
    durationMs,
    firstEventMs,
    keyId,
    userId,
    accountId,
    model,
  };
}

const SEPARATOR = '\t';

/** Member of the index of requests: the facts themselves, so that the list is narrowed without opening records. */
export function encodeFacts(facts: RowFacts): string {
  const { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs } = facts;
  const { keyId, userId, accountId, model } = facts;
  return `${id}\t${status}\t${outcome}\t${stream ? 1 : 0}\t${kind ?? ''}\t${plain(client)}\t${costNanoUsd}\t${durationMs}\t${firstEventMs ?? ''}\t${keyId}\t${userId ?? ''}\t${accountId ?? ''}\t${plain(model)}`;
}

export function decodeFacts(member: string): RowFacts {
  const [id = '', status, outcome, stream, kind = '', client = '', cost, duration, first = '', ...whose] =
    member.split(SEPARATOR);
  const [keyId = '', userId = '', accountId = '', model = ''] = whose;
  return {
    id,
    status: Number(status),
    outcome: requestOutcomes.find((known) => known === outcome) ?? 'failed',
    stream: stream === '1',
    kind: kind === '' ? null : kind,
    client,
    costNanoUsd: Number(cost),
    durationMs: Number(duration),
    firstEventMs: first === '' ? null : Number(first),
    keyId,
    userId: userId === '' ? null : userId,
    accountId: accountId === '' ? null : accountId,
    model,
  };
}

/** A client names itself and the model; separators are not for it to use. */
function plain(text: string): string {
  return CONTROLS.test(text) ? text.replaceAll(ALL_CONTROLS, ' ') : text;
}

const CONTROLS = /[\t\n]/;
const ALL_CONTROLS = /[\t\n]/g;
