// Owns going through a range of the ledger piece by piece, small enough that nothing else has to wait, and saying what
// of each piece would change.
import type { PriceBook } from '../pricing/index.ts';
import type { IndexPlace, RequestsRepository, StoredRequest } from '../requests/index.ts';
import { type AttemptRecord, decodeFacts, type RequestRecord } from '../usage/index.ts';
import type { Change } from './difference.ts';
import { asAtFirst, pricedAgain } from './price-again.ts';
import { concernsAttempt, concernsRequest, type StoredScope } from './scope.ts';

/** Entries of the index read at once. */
const PIECE_ENTRIES = 300;
/** Requests opened at once: some milliseconds of nothing else. */
const PIECE_REQUESTS = 100;

export interface Piece {
  /** Requests of the range that were passed. */
  readonly passed: number;
  /** Of those, requests that were opened. */
  readonly checked: number;
  readonly stillWithoutPrice: number;
  readonly chargedByReservation: number;
  readonly changes: readonly Change[];
  /** Where the next piece begins. */
  readonly next: IndexPlace;
}

/** The piece that begins there; null behind the last one. `book` is not asked for original prices. */
export async function readPiece(
  repository: RequestsRepository,
  scope: StoredScope,
  book: PriceBook,
  place: IndexPlace,
): Promise<Piece | null> {
  const entries = await repository.after(scope, place, PIECE_ENTRIES);
  if (entries.length === 0) return null;
  const members = new Map<string, string>();
  let [next, passed] = [place, 0];
  for (const { member, atMs } of entries) {
    passed += 1;
    next = atMs === next.atMs ? { atMs, skip: next.skip + 1 } : { atMs, skip: 1 };
    const facts = decodeFacts(member);
    if (concernsRequest(scope, facts, atMs)) members.set(facts.id, member);
    if (members.size === PIECE_REQUESTS) break;
  }
  const changes: Change[] = [];
  let [stillWithoutPrice, chargedByReservation] = [0, 0];
  for (const stored of await repository.stored([...members.keys()])) {
    const change = changeOf(stored, members.get(stored.request.id) ?? '', scope, book);
    if (change !== null) changes.push(change);
    for (const attempt of stored.attempts) {
      if (!concernsAttempt(scope, attempt)) continue;
      if (attempt.price.row === null && attempt.costNanoUsd > 0) chargedByReservation += 1;
      const after = change?.attempts.find(({ before }) => before === attempt)?.after ?? attempt;
      if (after.price.isFallback) stillWithoutPrice += 1;
    }
  }
  return { passed, checked: members.size, stillWithoutPrice, chargedByReservation, changes, next };
}

function changeOf(
  { request, attempts }: StoredRequest,
  member: string,
  scope: StoredScope,
  book: PriceBook,
): Change | null {
  const changed = attempts.flatMap((before): { before: AttemptRecord; after: AttemptRecord }[] => {
    if (!concernsAttempt(scope, before)) return [];
    const after = scope.prices === 'original' ? asAtFirst(before) : pricedAgain(before, book, request.atMs);
    return after === null ? [] : [{ before, after }];
  });
  if (changed.length === 0) return null;
  const after: RequestRecord = { ...request };
  for (const { before, after: priced } of changed) {
    after.costNanoUsd += priced.costNanoUsd - before.costNanoUsd;
    after.chargedNanoUsd += priced.chargedNanoUsd - before.chargedNanoUsd;
  }
  return { member, before: request, after, attempts: changed };
}
