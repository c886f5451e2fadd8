// What the rest of the gateway may know of upstream accounts.
export { Accounts, type AccountsDependencies } from './accounts.service.ts';
export type { SendOnce } from './connection-test.ts';
export type { LiveAccount } from './document.ts';
export { mappedModel } from './models.ts';
export type { RestRules } from './rest-rules.ts';
export { restRulesOf, stickyRulesOf } from './settings-in-use.ts';
export { StickySessions } from './sticky-sessions.ts';
