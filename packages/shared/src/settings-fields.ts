// Owns the settings an administrator changes while the gateway runs: one table, read by the gateway (checks), the API
// document and the console (form). Free of schemas, so that the page can draw its form without the validation library.

interface NumberField {
  readonly type: 'number';
  /** Whole numbers only unless given. */
  readonly decimals?: true;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: 'hours' | 'days' | 'minutes' | 'seconds' | 'milliseconds' | 'characters' | 'attempts';
  /** null: the setting is off. */
  readonly default: number | null;
  /** The environment variable whose value stands in until the setting is changed here. */
  readonly environment?: string;
}

interface TextField {
  readonly type: 'text';
  readonly maximum: number;
  readonly multiline?: true;
  readonly default: string;
}

interface ChoiceField {
  readonly type: 'choice';
  readonly options: readonly [string, ...string[]];
  readonly default: string;
}

interface ImageField {
  readonly type: 'image';
  /** Of the picture itself, before it is written as text. */
  readonly maximumBytes: number;
  readonly default: null;
}

interface ColourField {
  readonly type: 'colour';
  readonly default: null;
}

export type SettingField = NumberField | TextField | ChoiceField | ImageField | ColourField;

const DAY_SECONDS = 86_400;

const restSeconds = (environment: string) =>
  ({
    type: 'number',
    minimum: 0,
    maximum: DAY_SECONDS,
    unit: 'seconds',
    default: null,
    environment,
  }) as const;

/** Section -> field -> what it holds. Names are those of the API. */
export const settingSections = {
  general: {
    announcement: { type: 'text', maximum: 500, multiline: true, default: '' },
    contact: { type: 'text', maximum: 200, default: '' },
    language: { type: 'choice', options: ['auto', 'en', 'zh-CN'], default: 'auto' },
  },
  branding: {
    name: { type: 'text', maximum: 40, default: '' },
    logo: { type: 'image', maximumBytes: 65_536, default: null },
    accent: { type: 'colour', default: null },
  },
  security: {
    sessionIdleHours: { type: 'number', minimum: 1, maximum: 720, unit: 'hours', default: 12 },
    sessionLifeDays: { type: 'number', minimum: 1, maximum: 90, unit: 'days', default: 7 },
    passwordMinimumLength: { type: 'number', minimum: 10, maximum: 64, unit: 'characters', default: 10 },
    loginFailuresPerName: { type: 'number', minimum: 3, maximum: 100, unit: 'attempts', default: 10 },
    loginFailuresPerAddress: { type: 'number', minimum: 5, maximum: 10_000, unit: 'attempts', default: 50 },
    loginLockMinutes: { type: 'number', minimum: 1, maximum: 1440, unit: 'minutes', default: 15 },
  },
  retention: {
    requestDays: {
      type: 'number',
      minimum: 1,
      maximum: 3650,
      unit: 'days',
      default: 30,
      environment: 'REQUEST_RETENTION_DAYS',
    },
    auditDays: { type: 'number', minimum: 1, maximum: 3650, unit: 'days', default: 365 },
    trashDays: { type: 'number', minimum: 1, maximum: 3650, unit: 'days', default: null },
  },
  stickiness: {
    sessionHours: {
      type: 'number',
      decimals: true,
      minimum: 0.01,
      maximum: 8760,
      unit: 'hours',
      default: 1,
      environment: 'STICKY_SESSION_TTL_HOURS',
    },
    renewalThresholdMinutes: {
      type: 'number',
      minimum: 0,
      maximum: 525_600,
      unit: 'minutes',
      default: 0,
      environment: 'STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES',
    },
    waitMs: { type: 'number', minimum: 0, maximum: 30_000, unit: 'milliseconds', default: 1500 },
  },
  'cool-downs': {
    unavailableSeconds: restSeconds('UPSTREAM_ERROR_503_TTL_SECONDS'),
    serverErrorSeconds: restSeconds('UPSTREAM_ERROR_5XX_TTL_SECONDS'),
    overloadSeconds: restSeconds('UPSTREAM_ERROR_OVERLOAD_TTL_SECONDS'),
    timeoutSeconds: restSeconds('UPSTREAM_ERROR_TIMEOUT_TTL_SECONDS'),
    authSeconds: restSeconds('UPSTREAM_ERROR_AUTH_TTL_SECONDS'),
    maximumAskedSeconds: restSeconds('UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS'),
  },
} as const satisfies Record<string, Record<string, SettingField>>;

export type SettingSections = typeof settingSections;
export type SettingSection = keyof SettingSections;

export const settingSectionNames = [
  'general',
  'branding',
  'security',
  'retention',
  'stickiness',
  'cool-downs',
] as const satisfies readonly SettingSection[];

type ValueOf<Field> = Field extends { type: 'number'; default: infer Default }
  ? null extends Default
    ? number | null
    : number
  : Field extends { type: 'text' }
    ? string
    : Field extends { type: 'choice'; options: readonly (infer Option)[] }
      ? Option
      : string | null;

/** What holds now, field by field. */
export type SettingValues<Section extends SettingSection = SettingSection> = {
  readonly [Name in keyof SettingSections[Section]]: ValueOf<SettingSections[Section][Name]>;
};
