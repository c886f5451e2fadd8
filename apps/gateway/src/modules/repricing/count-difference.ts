// Owns counting what a range would change, from its begin to its end.
import type { RepriceTotals } from '@crs/shared';
import type { PriceBook } from '../pricing/index.ts';
import type { RequestsRepository } from '../requests/index.ts';
import { addChange, Breakdown, noTotals } from './difference.ts';
import type { StoredScope } from './scope.ts';
import { readPiece } from './walk.ts';

interface Counted {
  readonly totals: RepriceTotals;
  readonly seen: { checked: number; stillWithoutPrice: number; chargedByReservation: number };
  readonly byModel: Breakdown;
  readonly byKey: Breakdown;
}

export async function countDifference(
  requests: RequestsRepository,
  scope: StoredScope,
  book: PriceBook,
): Promise<Counted> {
  const totals = noTotals();
  const [byModel, byKey] = [new Breakdown(), new Breakdown()];
  const seen = { checked: 0, stillWithoutPrice: 0, chargedByReservation: 0 };
  let place = { atMs: scope.fromMs, skip: 0 };
  for (;;) {
    const piece = await readPiece(requests, scope, book, place);
    if (piece === null) return { totals, seen, byModel, byKey };
    place = piece.next;
    seen.checked += piece.checked;
    seen.stillWithoutPrice += piece.stillWithoutPrice;
    seen.chargedByReservation += piece.chargedByReservation;
    for (const change of piece.changes) {
      addChange(totals, change);
      byModel.add(change.before.model, change);
      byKey.add(change.before.keyId, change);
    }
  }
}
