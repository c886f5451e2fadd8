// What the rest of the gateway may know of upstream accounts.
export { Accounts, type AccountsDependencies } from './accounts.service.ts';
export type { SendOnce } from './connection-test.ts';
export type { AccountDocument, LiveAccount } from './document.ts';
export type { AccountHealth } from './health.ts';
export { mappedModel } from './models.ts';
