// Owns what a key answers, to the console and to the audit log: never its secret, nor the hash of it.
import type { Key, LimitState, usageSummarySchema } from '@crs/shared';
import type { z } from 'zod';
import { expiryMs, graceOf, type KeyDocument, keyStatus, readExpiration } from './document.ts';
import type { KeyView } from './keys.service.ts';

type UsageSummary = z.output<typeof usageSummarySchema>;

export interface KeyAnswerSources {
  /** Figures of each key, in the order of the ids. */
  figuresOf(ids: string[]): Promise<UsageSummary[]>;
  /** How full the limits of each key and its owner are, in the order of the keys. */
  limitStates(keys: readonly KeyDocument[]): Promise<LimitState[][]>;
}

/** In the order of the views; figures and limits are asked for once, not per key. */
export async function answerAll(
  views: readonly KeyView[],
  sources: KeyAnswerSources,
  nowMs: number,
): Promise<Key[]> {
  const [figures, states] = await Promise.all([
    sources.figuresOf(views.map(({ key }) => key.id)),
    sources.limitStates(views.map(({ key }) => key)),
  ]);
  return views.map((view, index) => {
    const usage = figures[index];
    if (usage === undefined) throw new Error('figuresOf has to answer every id');
    return keyAnswer(view, usage, states[index] ?? [], nowMs);
  });
}

/** Everything but the hashes of its secrets. */
export function keyAnswer(view: KeyView, usage: UsageSummary, limits: LimitState[], nowMs: number): Key {
  const { secretHash: _secretHash, previousSecret: _previousSecret, ...key } = view.key;
  const times = readExpiration(key.expiration);
  const facts = { ...times, ...view, isDeleted: key.deletedAt !== null, enabled: key.enabled };
  const grace = graceOf(view.key, nowMs);
  return {
    ...key,
    status: keyStatus(facts, nowMs),
    expiresAt: isoTime(expiryMs(times, view.activatedAtMs)),
    activatedAt: isoTime(view.activatedAtMs),
    lastUsedAt: isoTime(view.lastUsedAtMs),
    previousSecret: grace === null ? null : { hint: grace.hint, endsAt: grace.endsAt },
    usage,
    limits,
  };
}

function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

/** What an administrator set and sees. */
export function forAudit(key: KeyDocument): object {
  const { secretHash: _secretHash, updatedAt: _updatedAt, previousSecret, ...shown } = key;
  return {
    ...shown,
    previousHint: previousSecret?.hint ?? null,
    previousEndsAt: previousSecret?.endsAt ?? null,
  };
}
