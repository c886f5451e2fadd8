// The runs of `pnpm chaos`, in their order.
import type { Run } from '../run.ts';
import { deadAccount } from './dead-account.ts';
import { drain } from './drain.ts';
import { failover } from './failover.ts';
import { frozenRedis } from './frozen-redis.ts';
import { limits } from './limits.ts';
import { logins, singleUseLogins } from './logins.ts';
import { mixed } from './mixed.ts';
import { workers } from './workers.ts';

export const runs: readonly Run[] = [
  mixed,
  limits,
  deadAccount,
  drain,
  frozenRedis,
  failover,
  workers,
  logins,
  singleUseLogins,
].map((run) => run as Run);
