// The demo's accounts and keys as they were in the past: made weeks ago, one switched off since, one out of quota now.
import type { LiveAccount } from '../../../../apps/gateway/src/modules/accounts/index.ts';
import { accountDocumentSchema } from '../../../../apps/gateway/src/modules/accounts/document.ts';
import { type KeyDocument, KeyRepository } from '../../../../apps/gateway/src/modules/keys/index.ts';
import { DocumentStore, type RedisConnections } from '../../../../apps/gateway/src/platform/redis/index.ts';
import type { UpstreamFailure } from '../../../../apps/gateway/src/providers/provider.ts';
import type { Services } from '../../../../apps/gateway/src/services.ts';
import { sampleKeys } from '../sample-keys.ts';
import { FAILED_ACCOUNT, PAUSED_ACCOUNT, PAUSED_DAYS_AGO, RESTING_ACCOUNT } from '../samples.ts';

const DAY_MS = 86_400_000;
const ACCOUNTS_AGE_DAYS = 130;
const ALL = 1000;
/** Of the account that is out of quota. */
const RESTS_MS = 5_400_000;

export async function backdateKeys(
  redis: RedisConnections,
  keys: ReadonlyMap<string, KeyDocument>,
  nowMs: number,
): Promise<void> {
  const { documents } = new KeyRepository(redis);
  for (const { name, ageDays } of sampleKeys(nowMs)) {
    const key = keys.get(name);
    if (key === undefined) throw new Error(`There is no key "${name}".`);
    await documents.save(
      { ...key, createdAt: daysAgo(ageDays, nowMs), version: key.version + 1 },
      key.version,
    );
  }
}

export async function backdateAccounts(redis: RedisConnections, nowMs: number): Promise<void> {
  const documents = new DocumentStore(redis, { noun: 'account', schema: accountDocumentSchema });
  const { ids } = await documents.changesSince(0, ALL);
  for (const [index, account] of (await documents.getMany(ids)).entries()) {
    if (account === null) continue;
    const createdAt = daysAgo(ACCOUNTS_AGE_DAYS - 4 * index, nowMs);
    await documents.save({ ...account, createdAt, version: account.version + 1 }, account.version);
  }
}

/** One account was on until it was switched off. */
export function accountsOverTime(
  today: readonly LiveAccount[],
  nowMs: number,
): {
  accountsAt: (atMs: number) => readonly LiveAccount[];
  isFailing: (account: LiveAccount) => boolean;
} {
  const pausedMs = nowMs - PAUSED_DAYS_AGO * DAY_MS;
  const before = today.map((account) =>
    account.document.name === PAUSED_ACCOUNT
      ? { ...account, document: { ...account.document, enabled: true } }
      : account,
  );
  return {
    accountsAt: (atMs) => (atMs < pausedMs ? before : today),
    isFailing: ({ document }) => document.name === FAILED_ACCOUNT,
  };
}

/** As if its upstream had just refused a request. */
export function restAccount({ accounts }: Services, nowMs: number): void {
  const account = accounts.live().find(({ document }) => document.name === RESTING_ACCOUNT);
  if (account === undefined) throw new Error(`There is no account "${RESTING_ACCOUNT}".`);
  const failure: UpstreamFailure = {
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    coolDownMs: RESTS_MS,
    coolDownScope: 'account',
    accountState: null,
    message: 'This account has used its quota',
  };
  accounts.health.failed(account.document, '', failure, nowMs, 429);
}

function daysAgo(days: number, nowMs: number): string {
  return new Date(nowMs - days * DAY_MS).toISOString();
}
