// Owns the values of the key form: from a key, to the body the gateway takes, and what has changed between the two.
import { type ClientId, type Key, type Service, services } from '@crs/shared';

export interface KeyValues {
  name: string;
  description: string;
  tags: string[];
  enabled: boolean;
  /** All of them stand for `all`. */
  permissions: Service[];
  models: { mode: 'deny' | 'allow'; list: string[] };
  clients: ClientId[];
  ipAllow: string[];
  concurrency: string;
  expiration: {
    mode: 'never' | 'at' | 'afterFirstUse';
    /** ISO time. */
    at: string;
    afterFirstUse: string;
    unit: 'days' | 'hours';
  };
  debug: boolean;
}

/** What the gateway takes; the expiration is missing while its fields are not complete. */
type KeyBody = Omit<KeyValues, 'permissions' | 'concurrency' | 'expiration'> &
  Pick<Key, 'permissions' | 'concurrency'> & { expiration: Key['expiration'] | undefined };

export const emptyValues: KeyValues = {
  name: '',
  description: '',
  tags: [],
  enabled: true,
  permissions: [...services],
  models: { mode: 'deny', list: [] },
  clients: [],
  ipAllow: [],
  concurrency: '0',
  expiration: { mode: 'never', at: '', afterFirstUse: '30', unit: 'days' },
  debug: false,
};

export function valuesOf(key: Key): KeyValues {
  const { name, description, tags, enabled, models, clients, ipAllow, debug } = key;
  return {
    name,
    description,
    tags: [...tags],
    enabled,
    permissions: key.permissions === 'all' ? [...services] : [...key.permissions],
    models: { mode: models.mode, list: [...models.list] },
    clients: [...clients],
    ipAllow: [...ipAllow],
    concurrency: String(key.concurrency),
    expiration: expirationValues(key.expiration),
    debug,
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

/** True for a whole number of one or more. */
export function isAmount(text: string): boolean {
  return /^[1-9]\d*$/.test(text.trim());
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
  const concurrency = values.concurrency.trim();
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
    concurrency: concurrency === '' ? 0 : Number(concurrency),
    expiration: expirationBody(values.expiration),
    debug: values.debug,
  };
}

/** Only the fields that differ; empty when nothing was changed. */
export function changedFields(before: KeyValues, after: KeyValues): Partial<KeyBody> {
  const was: Readonly<Record<string, unknown>> = toBody(before);
  const changed = Object.entries(toBody(after)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]),
  );
  return Object.fromEntries(changed);
}
