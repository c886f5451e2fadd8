// Owns the facts of a request that its indexes carry: filters and sorts of the list look at nothing else.
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
}

export function factsOf(record: RequestRecord): RowFacts {
  const { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs } = record;
  return { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs };
}

const SEPARATOR = '\t';

/** Member of the request indexes: the facts themselves, so that a filtered list is walked without opening records. */
export function encodeFacts(facts: RowFacts): string {
  const { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs } = facts;
  return `${id}\t${status}\t${outcome}\t${stream ? 1 : 0}\t${kind ?? ''}\t${plain(client)}\t${costNanoUsd}\t${durationMs}\t${firstEventMs ?? ''}`;
}

export function decodeFacts(member: string): RowFacts {
  const [id = '', status, outcome, stream, kind = '', client = '', cost, duration, first = ''] =
    member.split(SEPARATOR);
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
  };
}

/** A client names itself; the separator is not for it to use. */
function plain(text: string): string {
  return text.replaceAll(SEPARATOR, ' ');
}
