// Owns what an operator should look at now, most urgent first. Pure.
import { type AccountStatus, type Dashboard, type LimitState } from '@crs/shared';

export interface AccountState {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /**
   * As the administrator set it; an enabled account that is `disabled` all the same has expired, or is paused or outside
   * its hours where it comes back.
   */
  readonly enabled: boolean;
  readonly status: AccountStatus;
  readonly reason: string | null;
  readonly untilMs: number | null;
}

export interface KeysState {
  /** Outside the trash. */
  readonly total: number;
  readonly active: number;
  /** Soonest first. */
  readonly expiring: readonly { readonly id: string; readonly name: string; readonly expiresAtMs: number }[];
}

export interface KeyNearBudget {
  readonly id: string;
  readonly name: string;
  /** Its own. */
  readonly budgets: readonly LimitState[];
}

export interface UnpricedModel {
  readonly model: string;
  /** The row of the price list that is charged instead. */
  readonly chargedAs: string;
}

type Attention = Dashboard['attention'][number];

export const KEY_EXPIRES_SOON_MS = 7 * 86_400_000;
/** Of a budget, in per cent: who has used so much is worth a look. */
export const NEAR_BUDGET_PERCENT = 80;
const MOST_ENTRIES = 50;

/** Who waits for an operator comes before who comes back alone. */
const urgency: Record<AccountStatus, number> = {
  'needs-login': 0,
  blocked: 1,
  disabled: 2,
  cooling: 3,
  limited: 4,
  ready: 5,
};

export function attentionList(
  accounts: readonly AccountState[],
  models: readonly UnpricedModel[],
  keys: KeysState,
  nearBudget: readonly KeyNearBudget[],
  nowMs: number,
): Attention[] {
  const ill = accounts
    .filter((account) => account.status !== 'ready' && !isOutByWish(account))
    .sort((one, other) => urgency[one.status] - urgency[other.status] || (one.name < other.name ? -1 : 1))
    .map(
      (account): Attention => ({
        kind: 'account',
        id: account.id,
        accountKind: account.kind,
        name: account.name,
        status: account.status,
        reason: account.reason,
        chargedAs: null,
        limit: null,
        until: account.untilMs === null ? null : new Date(account.untilMs).toISOString(),
      }),
    );
  const unpriced = models.map(
    ({ model, chargedAs }): Attention => ({
      kind: 'model-without-price',
      id: model,
      accountKind: null,
      name: model,
      status: 'unpriced',
      reason: null,
      chargedAs,
      limit: null,
      until: null,
    }),
  );
  const expiring = keys.expiring
    .filter(({ expiresAtMs }) => expiresAtMs > nowMs && expiresAtMs <= nowMs + KEY_EXPIRES_SOON_MS)
    .map(
      ({ id, name, expiresAtMs }): Attention => ({
        kind: 'key-expiring',
        id,
        accountKind: null,
        name,
        status: 'expiring',
        reason: null,
        chargedAs: null,
        limit: null,
        until: new Date(expiresAtMs).toISOString(),
      }),
    );
  return [...ill, ...unpriced, ...nearBudget.flatMap(budgetEntry), ...expiring].slice(0, MOST_ENTRIES);
}

/** Of its budgets the fullest; none where it began anew since the key was found. */
function budgetEntry({ id, name, budgets }: KeyNearBudget): Attention[] {
  const [fullest] = budgets.toSorted((one, other) => other.used / other.max - one.used / one.max);
  const percent = fullest === undefined ? 0 : Math.floor((fullest.used * 100) / fullest.max);
  if (fullest === undefined || percent < NEAR_BUDGET_PERCENT) return [];
  return [
    {
      kind: 'key-near-budget',
      id,
      accountKind: null,
      name,
      status: percent >= 100 ? 'budget-used' : 'near-budget',
      reason: null,
      chargedAs: null,
      limit: fullest,
      until: fullest.resetsAt,
    },
  ];
}

export function countByStatus(accounts: readonly AccountState[]): Record<AccountStatus, number> {
  const counts: Record<AccountStatus, number> = {
    ready: 0,
    cooling: 0,
    limited: 0,
    'needs-login': 0,
    blocked: 0,
    disabled: 0,
  };
  for (const { status } of accounts) counts[status] += 1;
  return counts;
}

function isOutByWish({ status, enabled, untilMs }: AccountState): boolean {
  return status === 'disabled' && (!enabled || untilMs !== null);
}
