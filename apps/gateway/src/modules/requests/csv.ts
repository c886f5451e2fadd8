// Owns which columns a request has as CSV. Pure.
import { nanoToUsd } from '@crs/shared';
import type { RequestRecord } from '../usage/index.ts';
import { requestRow } from './detail.ts';

type Cell = string | number | null;

const columns: readonly [name: string, read: (row: ReturnType<typeof requestRow>) => Cell][] = [
  ['at', ({ at }) => at],
  ['id', ({ id }) => id],
  ['status', ({ status }) => status],
  ['outcome', ({ outcome }) => outcome],
  ['errorCode', ({ errorCode }) => errorCode],
  ['keyId', ({ keyId }) => keyId],
  ['keyName', ({ keyName }) => keyName],
  ['userId', ({ userId }) => userId],
  ['accountId', ({ accountId }) => accountId],
  ['accountName', ({ accountName }) => accountName],
  ['kind', ({ kind }) => kind],
  ['dialect', ({ dialect }) => dialect],
  ['operation', ({ operation }) => operation],
  ['model', ({ model }) => model],
  ['servedModel', ({ servedModel }) => servedModel],
  ['client', ({ client }) => client],
  ['stream', ({ stream }) => String(stream)],
  ['attempts', ({ attempts }) => attempts],
  ['triedAccounts', ({ triedAccounts }) => triedAccounts.join(' > ')],
  ['firstEventMs', ({ firstEventMs }) => firstEventMs],
  ['durationMs', ({ durationMs }) => durationMs],
  ['inputTokens', ({ usage }) => usage.input],
  ['cacheWrite5mTokens', ({ usage }) => usage.cacheWrite5m],
  ['cacheWrite1hTokens', ({ usage }) => usage.cacheWrite1h],
  ['cacheReadTokens', ({ usage }) => usage.cacheRead],
  ['outputTokens', ({ usage }) => usage.output],
  ['usageSource', ({ usageSource }) => usageSource],
  ['costUsd', ({ costNanoUsd }) => nanoToUsd(costNanoUsd)],
  ['chargedUsd', ({ chargedNanoUsd }) => nanoToUsd(chargedNanoUsd)],
];

export const csvHead = columns.map(([name]) => name);

export function csvRow(record: RequestRecord): Cell[] {
  const row = requestRow(record);
  return columns.map(([, read]) => read(row));
}
