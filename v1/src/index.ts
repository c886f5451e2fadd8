// What v1 was, read-only: its records in Redis, its key names, its key hash and its encryption. Nothing here writes.
export * from './accounts/index.ts';
export { apiKeyRecord, type ApiKeyRecord, hashApiKey } from './api-key.ts';
export { type Binding, bindingsOf } from './bindings.ts';
export { type AccountKind, type Bucket, type Period, readKeyName, type RecordName } from './key-names.ts';
export { nanoUsdOf } from './money.ts';
export * from './people.ts';
export { type OpenedSecret, SecretReader, type SecretService, UNSET_ENCRYPTION_KEY } from './secrets.ts';
export { modelCosts, type UsageCounters, usageCounters } from './usage.ts';
