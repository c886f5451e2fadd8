// Owns what the key form holds of limits, as text while it is typed: budgets, windows, the queue, the rates of
// services; and how it becomes what the gateway takes. Pure.
import {
  type Budget,
  type BudgetPeriod,
  type Key,
  type Queue,
  type Rates,
  type Service,
  services,
  type Window,
  type WindowSpan,
} from '@crs/shared';

// Not taken from the contract: its schemas would come with them.
export const budgetPeriods = ['day', 'week', 'month', 'total'] as const satisfies readonly BudgetPeriod[];
export const windowSpans = [
  'minute',
  'hour',
  'day',
  'week',
  'month',
] as const satisfies readonly WindowSpan[];
export const budgetModes = ['expected', 'strict'] as const satisfies readonly Key['budgetMode'][];

export interface BudgetValues {
  every: BudgetPeriod;
  usd: string;
  models: string[];
}

export interface WindowValues {
  count: string;
  every: WindowSpan;
  requests: string;
  tokens: string;
  usd: string;
  models: string[];
}

export interface LimitValues {
  concurrency: string;
  queue: { enabled: boolean; size: string; waitSeconds: string };
  budgets: BudgetValues[];
  budgetMode: Key['budgetMode'];
  weeklyReset: { day: string; hour: string };
  windows: WindowValues[];
  rates: Record<Service, string>;
}

type LimitBody = Pick<
  Key,
  'concurrency' | 'queue' | 'budgets' | 'budgetMode' | 'weeklyReset' | 'windows' | 'rates'
>;

export const emptyBudget: BudgetValues = { every: 'day', usd: '', models: [] };
export const emptyWindow: WindowValues = {
  count: '1',
  every: 'minute',
  requests: '',
  tokens: '',
  usd: '',
  models: [],
};

export const emptyLimits: LimitValues = {
  concurrency: '0',
  queue: { enabled: false, size: '10', waitSeconds: '30' },
  budgets: [],
  budgetMode: 'expected',
  weeklyReset: { day: '1', hour: '0' },
  windows: [],
  rates: { claude: '', gemini: '', openai: '' },
};

export function limitValuesOf(key: LimitBody): LimitValues {
  const text = (value: number | undefined) => (value === undefined ? '' : decimalText(value));
  return {
    concurrency: String(key.concurrency),
    queue:
      key.queue === null
        ? { ...emptyLimits.queue }
        : { enabled: true, size: String(key.queue.size), waitSeconds: String(key.queue.waitSeconds) },
    budgets: key.budgets.map(({ every, usd, models }) => ({
      every,
      usd: text(usd),
      models: [...(models ?? [])],
    })),
    budgetMode: key.budgetMode,
    weeklyReset: { day: String(key.weeklyReset.day), hour: String(key.weeklyReset.hour) },
    windows: key.windows.map(({ count, every, requests, tokens, usd, models }) => ({
      count: String(count),
      every,
      requests: text(requests),
      tokens: text(tokens),
      usd: text(usd),
      models: [...(models ?? [])],
    })),
    rates: {
      claude: text(key.rates.claude),
      gemini: text(key.rates.gemini),
      openai: text(key.rates.openai),
    },
  };
}

/** A number as people write it: small ones not in powers of ten. */
function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e-') ? value.toFixed(9).replace(/0+$/, '') : text;
}

/** `''` is no number, not zero. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

export function limitBody(values: LimitValues): LimitBody {
  const { queue, weeklyReset } = values;
  return {
    concurrency: values.concurrency.trim() === '' ? 0 : Number(values.concurrency),
    queue: queue.enabled
      ? ({ size: numberOf(queue.size), waitSeconds: numberOf(queue.waitSeconds) } satisfies Queue)
      : null,
    budgets: values.budgets.map(budgetBody),
    budgetMode: values.budgetMode,
    weeklyReset: { day: Number(weeklyReset.day), hour: Number(weeklyReset.hour) },
    windows: values.windows.map(windowBody),
    rates: ratesBody(values.rates),
  };
}

function budgetBody({ every, usd, models }: BudgetValues): Budget {
  return { every, usd: numberOf(usd), ...(models.length === 0 ? {} : { models }) };
}

function windowBody({ count, every, requests, tokens, usd, models }: WindowValues): Window {
  const given = (name: 'requests' | 'tokens' | 'usd', text: string) =>
    text.trim() === '' ? {} : { [name]: Number(text) };
  return {
    every,
    count: numberOf(count),
    ...given('requests', requests),
    ...given('tokens', tokens),
    ...given('usd', usd),
    ...(models.length === 0 ? {} : { models }),
  };
}

function ratesBody(rates: LimitValues['rates']): Rates {
  return Object.fromEntries(
    services.flatMap((service) => {
      const text = rates[service].trim();
      return text === '' ? [] : [[service, Number(text)]];
    }),
  );
}

/** True for a whole number of one or more. */
export function isAmount(text: string): boolean {
  return /^[1-9]\d*$/.test(text.trim());
}

const MAX_USD = 9_000_000;

/** True for an amount of dollars that can be counted: more than nothing, to the ninth decimal place. */
export function isUsd(text: string): boolean {
  const value = Number(text.trim());
  return /^\d+(\.\d{1,9})?$/.test(text.trim()) && value > 0 && value <= MAX_USD;
}

export type WindowProblem = 'count' | 'requests' | 'tokens' | 'usd' | 'empty';

/** What is wrong with a window, null where nothing is. */
export function windowProblem({ count, requests, tokens, usd }: WindowValues): WindowProblem | null {
  if (!isAmount(count) || Number(count) > 1000) return 'count';
  if (requests.trim() !== '' && !isAmount(requests)) return 'requests';
  if (tokens.trim() !== '' && !isAmount(tokens)) return 'tokens';
  if (usd.trim() !== '' && !isUsd(usd)) return 'usd';
  return [requests, tokens, usd].every((text) => text.trim() === '') ? 'empty' : null;
}

export interface BudgetPreset {
  every: BudgetPeriod;
  usd: number;
}
export const budgetPresets: readonly BudgetPreset[] = [
  { every: 'day', usd: 5 },
  { every: 'week', usd: 25 },
  { every: 'month', usd: 100 },
];

export const windowPresets: readonly Window[] = [
  { every: 'minute', count: 1, requests: 60 },
  { every: 'hour', count: 5, usd: 10 },
  { every: 'day', count: 1, tokens: 5_000_000 },
];

/** The form's line of a preset. */
export function windowValuesOf(preset: Window): WindowValues {
  return limitValuesOf({ ...limitBody(emptyLimits), windows: [preset] }).windows[0] ?? emptyWindow;
}
