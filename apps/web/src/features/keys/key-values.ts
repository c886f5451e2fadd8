// Owns the values of the key form: from a key, to the body the gateway takes, and what has changed between the two.
import { type Bind, type ClientId, type Key, type Service, services } from '@crs/shared';
import { emptyLimits, isAmount, limitBody, type LimitValues, limitValuesOf } from './limit-values';

export interface KeyValues extends LimitValues {
  name: string;
  description: string;
  tags: string[];
  enabled: boolean;
  /** All of them stand for `all`. */
  permissions: Service[];
  models: { mode: 'deny' | 'allow'; list: string[] };
  clients: ClientId[];
  ipAllow: string[];
  binds: Bind[];
  bindFallback: boolean;
  expiration: {
    mode: 'never' | 'at' | 'afterFirstUse';
    /** ISO time. */
    at: string;
    afterFirstUse: string;
    unit: 'days' | 'hours';
  };
  debug: boolean;
  capture: { request: boolean; response: boolean };
  /** Of a form that makes many keys: how many, and the number of the first. */
  count: string;
  startAt: string;
}

/** What the gateway takes; the expiration is missing while its fields are not complete. */
type KeyBody = Omit<KeyValues, 'permissions' | 'expiration' | 'count' | 'startAt' | keyof LimitValues> &
  Pick<Key, 'permissions' | keyof LimitValues> & { expiration: Key['expiration'] | undefined };

export const emptyValues: KeyValues = {
  name: '',
  description: '',
  tags: [],
  enabled: true,
  permissions: [...services],
  models: { mode: 'deny', list: [] },
  clients: [],
  ipAllow: [],
  ...emptyLimits,
  binds: [],
  bindFallback: false,
  expiration: { mode: 'never', at: '', afterFirstUse: '30', unit: 'days' },
  debug: false,
  capture: { request: false, response: false },
  count: '10',
  startAt: '1',
};

export function valuesOf(key: Key): KeyValues {
  const { name, description, tags, enabled, models, clients, ipAllow, bindFallback, debug } = key;
  return {
    name,
    description,
    tags: [...tags],
    enabled,
    permissions: key.permissions === 'all' ? [...services] : [...key.permissions],
    models: { mode: models.mode, list: [...models.list] },
    clients: [...clients],
    ipAllow: [...ipAllow],
    ...limitValuesOf(key),
    binds: [...key.binds],
    bindFallback,
    expiration: expirationValues(key.expiration),
    debug,
    capture: { ...key.capture },
    count: emptyValues.count,
    startAt: emptyValues.startAt,
  };
}

function expirationValues(expiration: Key['expiration']): KeyValues['expiration'] {
  const empty = emptyValues.expiration;
  if (expiration === null) return { ...empty };
  if ('at' in expiration) return { ...empty, mode: 'at', at: expiration.at };
  const life = expiration.afterFirstUse;
  return 'days' in life
    ? { ...empty, mode: 'afterFirstUse', afterFirstUse: String(life.days), unit: 'days' }
    : { ...empty, mode: 'afterFirstUse', afterFirstUse: String(life.hours), unit: 'hours' };
}

/** Undefined while the fields do not make an expiration; the form's own rules say which is missing. */
function expirationBody({ mode, at, afterFirstUse, unit }: KeyValues['expiration']): KeyBody['expiration'] {
  if (mode === 'never') return null;
  if (mode === 'at') return at === '' ? undefined : { at };
  if (!isAmount(afterFirstUse)) return undefined;
  const amount = Number(afterFirstUse);
  return { afterFirstUse: unit === 'days' ? { days: amount } : { hours: amount } };
}

/** Everything the form holds, as the gateway wants it. */
export function toBody(values: KeyValues): KeyBody {
  return {
    name: values.name,
    description: values.description,
    tags: values.tags,
    enabled: values.enabled,
    permissions: services.every((service) => values.permissions.includes(service))
      ? 'all'
      : values.permissions,
    models: values.models,
    clients: values.clients,
    ipAllow: values.ipAllow,
    ...limitBody(values),
    binds: values.binds,
    bindFallback: values.bindFallback,
    expiration: expirationBody(values.expiration),
    debug: values.debug,
    capture: values.capture,
  };
}

/** Parts of the form, and the fields of a key that each of them sets. */
const batchParts = {
  budgets: ['budgets', 'budgetMode', 'weeklyReset'],
  windows: ['windows'],
  load: ['concurrency', 'queue'],
  models: ['permissions', 'models'],
  routing: ['binds', 'bindFallback'],
  access: ['clients', 'ipAllow'],
  rates: ['rates'],
  expiration: ['expiration'],
  state: ['enabled', 'debug'],
} as const satisfies Record<string, readonly (keyof KeyBody)[]>;
export type BatchPart = keyof typeof batchParts;
export const batchPartNames = Object.keys(batchParts) as BatchPart[];

/** The fields of the chosen parts, as the gateway takes them for many keys. */
export function partsBody(values: KeyValues, parts: readonly BatchPart[]): Partial<KeyBody> {
  const names = new Set<string>(parts.flatMap((part) => batchParts[part]));
  return Object.fromEntries(Object.entries(toBody(values)).filter(([name]) => names.has(name)));
}

/** The change of many keys; with `keepsOthers` the budgets are laid over those that a key has. */
export function batchChange(values: KeyValues, parts: readonly BatchPart[], keepsOthers: boolean) {
  const set = partsBody(values, parts);
  if (!keepsOthers || !parts.includes('budgets')) return { set };
  const { budgets = [], budgetMode: _mode, weeklyReset: _reset, ...rest } = set;
  return { set: rest, setBudgets: budgets };
}

/** Only the fields that differ; empty when nothing was changed. */
export function changedFields(before: KeyValues, after: KeyValues): Partial<KeyBody> {
  const was: Readonly<Record<string, unknown>> = toBody(before);
  const changed = Object.entries(toBody(after)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]),
  );
  return Object.fromEntries(changed);
}
