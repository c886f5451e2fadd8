// Owns the names of everything in Redis: one row per key pattern. `<word>` is filled in by whoever asks; what stands in
// braces with it decides the slot in a cluster, so all keys of one relay key live together.
const table = {
  // Documents of admins: platform/redis/document-store.
  document: { pattern: 'doc:<noun>:<id>', type: 'string', owner: 'platform/redis', ttl: 'none' },
  documentSequence: { pattern: 'docs:<noun>:sequence', type: 'string', owner: 'platform/redis', ttl: 'none' },
  documentChanges: { pattern: 'docs:<noun>:changes', type: 'zset', owner: 'platform/redis', ttl: 'none' },
  notices: { pattern: 'notices', type: 'channel', owner: 'platform/redis', ttl: 'none' },
  // Elected work: jobs.
  jobLeader: { pattern: 'jobs:leader', type: 'string', owner: 'jobs', ttl: '15 s, renewed' },
  jobFence: { pattern: 'jobs:fence', type: 'string', owner: 'jobs', ttl: 'none' },
  jobRuns: { pattern: 'jobs:runs', type: 'hash', owner: 'jobs', ttl: 'none' },
  // Relay keys: modules/keys.
  // `owner`: the key's user where it has one, else the key itself, so that one script sees the limits of both.
  keyGate: { pattern: 'key:{<owner>}:gate:<id>', type: 'hash', owner: 'modules/keys', ttl: 'none' },
  keySecrets: { pattern: 'keys:by-secret', type: 'hash', owner: 'modules/keys', ttl: 'none' },
  keysLastUsed: { pattern: 'keys:last-used', type: 'zset', owner: 'modules/usage', ttl: 'none' },
  // Limits: modules/limits. `subject` is a key's id or `user`; all of one owner in one slot.
  limitMeters: {
    pattern: 'limits:{<owner>}:meters:<subject>',
    type: 'hash',
    owner: 'modules/limits',
    ttl: 'none',
  },
  limitRunning: {
    pattern: 'limits:{<owner>}:running:<subject>',
    type: 'zset',
    owner: 'modules/limits',
    ttl: 'twice a lease after a renewal, else none: empty when nothing runs',
  },
  limitHolds: {
    pattern: 'limits:{<owner>}:holds',
    type: 'hash',
    owner: 'modules/limits',
    ttl: 'fields: until their requests are settled',
  },
  limitSettled: {
    pattern: 'limits:{<owner>}:settled:<call>',
    type: 'string',
    owner: 'modules/limits',
    ttl: 'a minute',
  },
  limitLeases: {
    pattern: 'limits:{<owner>}:leases',
    type: 'zset',
    owner: 'modules/limits',
    ttl: 'none: until its requests are settled',
  },
  limitQueue: {
    pattern: 'limits:{<owner>}:queue:<keyId>',
    type: 'zset',
    owner: 'modules/limits',
    ttl: 'a minute after its last use',
  },
  limitQueueLeases: {
    pattern: 'limits:{<owner>}:queue-leases:<keyId>',
    type: 'zset',
    owner: 'modules/limits',
    ttl: 'a minute after its last use',
  },
  limitOwners: { pattern: 'limits:owners', type: 'zset', owner: 'modules/limits', ttl: 'none' },
  // Requests that run now at an account.
  accountRunning: {
    pattern: 'account:{<id>}:running',
    type: 'zset',
    owner: 'modules/limits',
    ttl: 'twice a lease',
  },
  // Upstream accounts: modules/accounts.
  accountHealth: { pattern: 'accounts:health', type: 'hash', owner: 'modules/accounts', ttl: 'none' },
  // The latest failures and changes of state of an account, newest first.
  accountErrors: {
    pattern: 'account:{<id>}:errors',
    type: 'list',
    owner: 'modules/accounts',
    ttl: '14 days after the last, at most 50',
  },
  accountChanges: {
    pattern: 'account:{<id>}:changes',
    type: 'list',
    owner: 'modules/accounts',
    ttl: '90 days after the last, at most 200',
  },
  accountProbe: {
    pattern: 'account:{<id>}:probe',
    type: 'string',
    owner: 'modules/accounts',
    ttl: '30 s, while one request tries whether the account is back',
  },
  // A login at a vendor that an operator has begun.
  accountLogin: {
    pattern: 'account-login:<state>',
    type: 'string',
    owner: 'modules/accounts',
    ttl: '10 min, taken by its first use',
  },
  // One process at a time renews an account's token.
  accountRenewal: {
    pattern: 'account:{<id>}:renewal',
    type: 'string',
    owner: 'modules/accounts',
    ttl: '1 min, given back when the new token is stored',
  },
  // The account that serves a client's session; in the slot of its relay key, so that admission reads it too.
  sticky: {
    pattern: 'key:{<tag>}:sticky:<keyId>:<session>',
    type: 'string',
    owner: 'modules/accounts',
    ttl: 'STICKY_SESSION_TTL_HOURS after its last use',
  },
  // Models that were asked for and have no price.
  pricingUnknownModels: {
    pattern: 'pricing:unknown-models',
    type: 'hash',
    owner: 'modules/pricing',
    ttl: 'none: at most 200 models',
  },
  groupsByName: { pattern: 'groups:by-name', type: 'hash', owner: 'modules/groups', ttl: 'none' },
  accountsLastUsed: { pattern: 'accounts:last-used', type: 'zset', owner: 'modules/usage', ttl: 'none' },
  // Ledger: modules/usage.
  // One tag: what the ledger's two scripts write together must live together.
  ledger: {
    pattern: '{ledger}:stream',
    type: 'stream',
    owner: 'modules/usage',
    ttl: 'entries: a day after they were rolled',
  },
  ledgerCursor: { pattern: '{ledger}:cursor', type: 'string', owner: 'modules/usage', ttl: 'none' },
  ledgerLease: { pattern: '{ledger}:lease', type: 'string', owner: 'modules/usage', ttl: '2 s, renewed' },
  requestRecord: {
    pattern: '{ledger}:request:<id>',
    type: 'hash',
    owner: 'modules/usage',
    ttl: 'request retention',
  },
  requestIndex: {
    pattern: '{ledger}:requests:all',
    type: 'zset',
    owner: 'modules/usage',
    ttl: 'request retention',
  },
  // The same facts column by column, for whole hours and for minutes that are over: modules/requests.
  requestColumns: {
    pattern: '{ledger}:columns:<slice>',
    type: 'hash',
    owner: 'modules/requests',
    ttl: 'hours as long as requests, minutes 3 hours',
  },
  requestColumnCounts: {
    pattern: '{ledger}:columns:counts',
    type: 'hash',
    owner: 'modules/requests',
    ttl: 'request retention',
  },
  // How often rows of an hour were rewritten: columns made of what stood there before are not kept.
  requestRevisions: {
    pattern: '{ledger}:columns:revisions',
    type: 'hash',
    owner: 'modules/requests',
    ttl: 'request retention',
  },
  // Pricing a range of the ledger again: what was shown, the run, and who works on it.
  repricePreview: {
    pattern: '{ledger}:reprice:preview:<fingerprint>',
    type: 'string',
    owner: 'modules/repricing',
    ttl: '30 min',
  },
  repriceRun: { pattern: '{ledger}:reprice:run', type: 'hash', owner: 'modules/repricing', ttl: 'none' },
  repriceLease: {
    pattern: '{ledger}:reprice:lease',
    type: 'string',
    owner: 'modules/repricing',
    ttl: '15 s, renewed',
  },
  // Whether anybody watches requests as they end, and how they are told.
  requestListeners: {
    pattern: '{ledger}:listeners',
    type: 'string',
    owner: 'modules/requests',
    ttl: '30 s, renewed',
  },
  requestNews: { pattern: '{ledger}:news', type: 'channel', owner: 'modules/usage', ttl: 'none' },
  // Bodies of requests whose keys want them kept, sealed: modules/requests.
  bodies: {
    pattern: '{bodies}:of:<id>',
    type: 'string',
    owner: 'modules/requests',
    ttl: 'retention of bodies, 24 h',
  },
  bodiesByTime: {
    pattern: '{bodies}:by-time',
    type: 'zset',
    owner: 'modules/requests',
    ttl: 'that of the newest',
  },
  bodySizes: {
    pattern: '{bodies}:sizes',
    type: 'hash',
    owner: 'modules/requests',
    ttl: 'that of the newest',
  },
  figures: {
    pattern: '{ledger}:figures:<resolution>:<start>:<projection>',
    type: 'hash',
    owner: 'modules/usage',
    ttl: 'quarters of an hour 2 days, minutes 4 days, hours 400 days, days none',
  },
  figuresTotal: {
    pattern: '{ledger}:figures:total:<projection>',
    type: 'hash',
    owner: 'modules/usage',
    ttl: 'none',
  },
  // Who may sign in, who is signed in, what admins did: modules/users, modules/sessions, modules/audit.
  usersByName: { pattern: 'users:by-name', type: 'hash', owner: 'modules/users', ttl: 'none' },
  usersFirstAdmin: { pattern: 'users:first-admin', type: 'hash', owner: 'modules/users', ttl: 'none' },
  session: {
    pattern: 'session:<id>',
    type: 'string',
    owner: 'modules/sessions',
    ttl: '12 h after its last use',
  },
  // Who failed, `:<name or address>`, is appended by the limiter.
  loginFailures: { pattern: 'login-failures:<by>', type: 'string', owner: 'modules/sessions', ttl: '15 min' },
  // The address is appended by the limiter.
  keyStatsAsks: {
    pattern: 'key-stats:<what>',
    type: 'string',
    owner: 'modules/stats',
    ttl: '1 min asks, 15 min wrong keys',
  },
  auditEntries: { pattern: '{audit}:entries', type: 'hash', owner: 'modules/audit', ttl: 'audit retention' },
  auditIndex: {
    pattern: '{audit}:index:<name>',
    type: 'zset',
    owner: 'modules/audit',
    ttl: 'audit retention',
  },
  // Every actor, action and type of resource ever seen: the choices of the filters.
  auditNames: { pattern: '{audit}:names:<facet>', type: 'hash', owner: 'modules/audit', ttl: 'none' },
} as const satisfies Record<string, KeyRow>;

interface KeyRow {
  readonly pattern: string;
  readonly type: 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream' | 'channel';
  readonly owner: string;
  readonly ttl: string;
}

type Words<Pattern extends string> = Pattern extends `${string}<${string}>${infer Rest}`
  ? [word: string | number, ...Words<Rest>]
  : [];

type Name<Pattern extends string> = Words<Pattern> extends [] ? string : (...words: Words<Pattern>) => string;

/** A name per row: a string, or a function of the pattern's words in their order. */
export type Keyspace = { readonly [Row in keyof typeof table]: Name<(typeof table)[Row]['pattern']> };

/** `prefix` separates installations that share a Redis. */
export function createKeyspace(prefix: string): Keyspace {
  const names = Object.entries(table).map(([row, { pattern }]) => [row, nameOf(prefix + pattern)]);
  return Object.fromEntries(names) as Keyspace;
}

function nameOf(pattern: string): string | ((...words: (string | number)[]) => string) {
  const pieces = pattern.split(/<[^>]*>/);
  if (pieces.length === 1) return pattern;
  return (...words) => pieces.reduce((name, piece, index) => `${name}${words[index - 1]}${piece}`);
}
