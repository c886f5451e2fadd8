// Owns v1's key names: which Redis key is which record. Indexes share prefixes with records and must not match.

const accountPrefixes = {
  claude: 'claude:account:',
  'claude-console': 'claude_console_account:',
  ccr: 'ccr_account:',
  bedrock: 'bedrock_account:',
  gemini: 'gemini_account:',
  'gemini-api': 'gemini_api_account:',
  openai: 'openai:account:',
  'openai-responses': 'openai_responses_account:',
  'azure-openai': 'azure_openai:account:',
} as const;

/** Kinds of accounts in v1's own meaning: `gemini` and `openai` are its OAuth accounts. */
export type AccountKind = keyof typeof accountPrefixes;

export type Period = 'day' | 'month' | 'hour';

export type RecordName =
  | { record: 'api-key'; id: string }
  | { record: 'account'; kind: AccountKind; id: string }
  /** Named in a report only: nothing takes them over. */
  | { record: 'droid-account'; id: string }
  | { record: 'group'; id: string }
  | { record: 'group-members'; id: string }
  | { record: 'user'; id: string }
  | { record: 'usage'; of: 'key' | 'account'; id: string; model: string | null; bucket: Bucket }
  /** Decimal US dollars of a key. */
  | { record: 'cost'; id: string; isRated: boolean; bucket: Bucket };

/** `start`: `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DD:HH`, local time of the v1 host's TIMEZONE_OFFSET. */
export type Bucket = { period: 'all' } | { period: Period; start: string };

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const starts = {
  daily: String.raw`\d{4}-\d\d-\d\d`,
  monthly: String.raw`\d{4}-\d\d`,
  hourly: String.raw`\d{4}-\d\d-\d\d:\d\d`,
};
const periods = { daily: 'day', monthly: 'month', hourly: 'hour' } as const;
type PeriodWord = keyof typeof periods;

interface Pattern {
  expression: RegExp;
  read(groups: Record<string, string | undefined>): RecordName;
}

const idOf = (groups: Record<string, string | undefined>): string => groups['id'] ?? '';
const allTime: Bucket = { period: 'all' };

function simple(prefix: string, id: string, read: (id: string) => RecordName): Pattern {
  return { expression: new RegExp(`^${prefix}(?<id>${id})$`, 'u'), read: (groups) => read(idOf(groups)) };
}

/** Model names may hold colons, so the bucket is taken from the right. */
function usagePatterns(word: PeriodWord): Pattern[] {
  const start = `(?<start>${starts[word]})`;
  const id = `(?<id>${uuid})`;
  const bucketOf = (groups: Record<string, string | undefined>): Bucket => ({
    period: periods[word],
    start: groups['start'] ?? '',
  });
  const usage =
    (of: 'key' | 'account'): Pattern['read'] =>
    (groups) => ({
      record: 'usage',
      of,
      id: idOf(groups),
      model: groups['model'] ?? null,
      bucket: bucketOf(groups),
    });
  const cost =
    (isRated: boolean): Pattern['read'] =>
    (groups) => ({ record: 'cost', id: idOf(groups), isRated, bucket: bucketOf(groups) });
  return [
    { expression: new RegExp(`^usage:${word}:${id}:${start}$`, 'u'), read: usage('key') },
    { expression: new RegExp(`^usage:${id}:model:${word}:(?<model>.+):${start}$`, 'u'), read: usage('key') },
    { expression: new RegExp(`^account_usage:${word}:${id}:${start}$`, 'u'), read: usage('account') },
    {
      expression: new RegExp(`^account_usage:model:${word}:${id}:(?<model>.+):${start}$`, 'u'),
      read: usage('account'),
    },
    { expression: new RegExp(`^usage:cost:${word}:${id}:${start}$`, 'u'), read: cost(true) },
    { expression: new RegExp(`^usage:cost:real:${word}:${id}:${start}$`, 'u'), read: cost(false) },
  ];
}

const patterns: readonly Pattern[] = [
  simple('apikey:', uuid, (id) => ({ record: 'api-key', id })),
  ...Object.entries(accountPrefixes).map(([kind, prefix]) =>
    simple(prefix, uuid, (id) => ({ record: 'account', kind: kind as AccountKind, id })),
  ),
  simple('droid:account:', uuid, (id) => ({ record: 'droid-account', id })),
  simple('account_group:', uuid, (id) => ({ record: 'group', id })),
  simple('account_group_members:', uuid, (id) => ({ record: 'group-members', id })),
  simple('user:', '[0-9a-f]{32}', (id) => ({ record: 'user', id })),
  simple('usage:', uuid, (id) => ({ record: 'usage', of: 'key', id, model: null, bucket: allTime })),
  simple('account_usage:', uuid, (id) => ({
    record: 'usage',
    of: 'account',
    id,
    model: null,
    bucket: allTime,
  })),
  {
    expression: new RegExp(`^usage:(?<id>${uuid}):model:alltime:(?<model>.+)$`, 'u'),
    read: (groups) => ({
      record: 'usage',
      of: 'key',
      id: idOf(groups),
      model: groups['model'] ?? null,
      bucket: allTime,
    }),
  },
  simple('usage:cost:total:', uuid, (id) => ({ record: 'cost', id, isRated: true, bucket: allTime })),
  simple('usage:cost:real:total:', uuid, (id) => ({ record: 'cost', id, isRated: false, bucket: allTime })),
  ...(['daily', 'monthly', 'hourly'] as const).flatMap(usagePatterns),
];

/** Null for everything that is an index, a lock, a session or otherwise not worth keeping. */
export function readKeyName(key: string): RecordName | null {
  for (const pattern of patterns) {
    const match = pattern.expression.exec(key);
    if (match !== null) return pattern.read(match.groups ?? {});
  }
  return null;
}
