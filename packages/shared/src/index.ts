// The contract between gateway and console: routes, schemas, errors, money.
export * from './api/accounts.ts';
export * from './api/audit.ts';
export * from './api/auth.ts';
export * from './api/common.ts';
export * from './api/groups.ts';
export * from './api/index.ts';
export * from './api/keys.ts';
export * from './api/limits.ts';
export * from './api/requests.ts';
export * from './api/settings.ts';
export * from './api/stats.ts';
export * from './contract/client.ts';
export * from './contract/route.ts';
export * from './errors.ts';
export * from './money.ts';
export * from './settings-fields.ts';
export * from './vocabulary.ts';
