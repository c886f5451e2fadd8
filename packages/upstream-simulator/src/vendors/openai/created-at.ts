// When an answer claims to be made: fixed by the request, so that the same request gives the same bytes.
import { seededInteger } from '../../seed.ts';

const EPOCH_SECONDS = 1_795_200_000;

/** Epoch seconds. */
export function createdAt(seed: string): number {
  return EPOCH_SECONDS + seededInteger(`created ${seed}`, 86_400);
}
