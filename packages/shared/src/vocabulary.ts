// Owns the closed word lists of the contract. Free of schemas, so that a page of the console can show a filter
// without loading the validation library.
export const services = ['claude', 'gemini', 'openai'] as const;
export type Service = (typeof services)[number];

export const clientIds = ['claude_code', 'codex_cli', 'gemini_cli', 'sillytavern'] as const;
export type ClientId = (typeof clientIds)[number];

export const keyStatuses = ['active', 'disabled', 'expired', 'not-activated', 'deleted'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

export const accountStatuses = ['ready', 'cooling', 'limited', 'needs-login', 'blocked', 'disabled'] as const;
/** What a list of accounts can be sorted by. */
export const accountSorts = [
  'createdAt',
  'name',
  'kind',
  'priority',
  'weight',
  'status',
  'lastUsedAt',
  'inFlight',
  'requestsToday',
  'costToday',
] as const;

export type AccountStatus = (typeof accountStatuses)[number];

export const requestOutcomes = ['ok', 'failed', 'client_left', 'refused', 'crashed'] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

export const usageSources = ['reported', 'partial', 'estimated'] as const;
export type UsageSource = (typeof usageSources)[number];

/** What figures are told apart by, beside time. A tag stands for the keys that have it now. */
export const splits = ['key', 'user', 'account', 'model', 'kind', 'tag'] as const;
export type Split = (typeof splits)[number];

export const groupings = ['hour', 'day', 'week', 'month', ...splits] as const;
export type Grouping = (typeof groupings)[number];

/** Vendors of the price list. */
export const priceProviders = ['anthropic', 'openai', 'gemini', 'bedrock', 'azure'] as const;
export type PriceProvider = (typeof priceProviders)[number];

/** Kinds of tokens that have prices of their own. */
export const priceBuckets = ['input', 'output', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead'] as const;
export type PriceBucket = (typeof priceBuckets)[number];

export const PASSWORD_MIN_LENGTH = 10;

export const API_PREFIX = '/api/v2';
