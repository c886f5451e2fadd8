// Owns what the form of an account holds, and how it becomes a body of the contract. Pure.
import type { Account, AccountKind, ClientId, ServiceHours } from '@crs/shared';
import {
  describeSchema,
  initialValues,
  type JsonObject,
  matchVariant,
  type SchemaVariant,
  toBody,
} from '@/components/schema-form/describe';
import { type ProxyValues, proxyBody, proxyValues } from './proxy-values';

export interface AccountValues {
  name: string;
  description: string;
  priority: string;
  weight: string;
  maxConcurrency: string;
  models: { allow: string[]; map: { from: string; to: string }[] };
  clients: ClientId[];
  enabled: boolean;
  shared: boolean;
  groupIds: string[];
  /** USD; empty = no limit. */
  dailyUsd: string;
  /** ISO time; empty = never. */
  expiresAt: string;
  /** ISO time; empty = not paused. */
  pausedUntil: string;
  serviceHours: ServiceHours;
  proxy: ProxyValues;
  settings: JsonObject;
  credential: JsonObject;
}

const MAX_NAME_LENGTH = 100;

/** The ways to fill the two parts that a kind describes. */
export interface KindShape {
  settings: SchemaVariant[];
  credential: SchemaVariant[];
}

export function shapeOf(kind: AccountKind): KindShape {
  return {
    settings: describeSchema(kind.settingsSchema),
    credential: describeSchema(kind.credentialSchema),
  };
}

const nothing: SchemaVariant = { title: '', fields: [] };

function at(variants: readonly SchemaVariant[], index: number): SchemaVariant {
  return variants[index] ?? nothing;
}

/** Which variant of the settings an account uses. */
export function settingsVariant(shape: KindShape, account: Account | null): number {
  return account === null ? 0 : matchVariant(shape.settings, account.settings);
}

/** Values of a new account, or of a present one; a stored credential is never shown. */
export function valuesOf(
  kind: AccountKind,
  shape: KindShape,
  account: Account | null,
  variants: { settings: number; credential: number },
): AccountValues {
  return {
    name: account?.name ?? '',
    description: account?.description ?? '',
    priority: String(account?.priority ?? 50),
    weight: String(account?.weight ?? 1),
    maxConcurrency: String(account?.maxConcurrency ?? 0),
    models: {
      allow: account?.models.allow ?? [],
      map: Object.entries(account?.models.map ?? {}).map(([from, to]) => ({ from, to })),
    },
    clients: account?.clients ?? kind.defaultClients,
    enabled: account?.enabled ?? true,
    shared: account?.shared ?? true,
    groupIds: [...(account?.groupIds ?? [])],
    dailyUsd: account === null || account.dailyUsd === null ? '' : String(account.dailyUsd),
    expiresAt: account?.expiresAt ?? '',
    pausedUntil: account?.pausedUntil ?? '',
    serviceHours: account?.serviceHours ?? [],
    proxy: proxyValues(account?.proxy ?? null),
    settings: initialValues(at(shape.settings, variants.settings), account?.settings ?? {}),
    // Defaults of a credential belong to a new one; an edit sends only what is typed.
    credential:
      account === null
        ? initialValues(at(shape.credential, variants.credential))
        : initialValues(withoutDefaults(at(shape.credential, variants.credential))),
  };
}

/** Values of a new account that is like another one, under another name; secrets are not known, and asked for. */
export function copiedValues(
  kind: AccountKind,
  shape: KindShape,
  template: Account,
  variants: { settings: number; credential: number },
  name: string,
): AccountValues {
  const fresh = valuesOf(kind, shape, null, variants);
  const copied = valuesOf(kind, shape, template, variants);
  return { ...copied, name: name.slice(0, MAX_NAME_LENGTH), pausedUntil: '', credential: fresh.credential };
}

function withoutDefaults(variant: SchemaVariant): SchemaVariant {
  return { ...variant, fields: variant.fields.map((field) => ({ ...field, initial: undefined })) };
}

/** `''` is no number, not zero. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function mapOf(entries: AccountValues['models']['map']): Record<string, string> {
  const filled = entries.filter(({ from, to }) => from.trim() !== '' || to.trim() !== '');
  return Object.fromEntries(filled.map(({ from, to }) => [from.trim(), to.trim()]));
}

/** True when something of a credential was typed. */
function hasCredential(variant: SchemaVariant, values: JsonObject): boolean {
  return variant.fields.some((field) => {
    const value = values[field.name];
    return typeof value === 'string' ? value.trim() !== '' : Array.isArray(value) && value.length > 0;
  });
}

/** The body as the contract wants it; `credential` is left out where an edit keeps the stored one. */
export function bodyOf(
  values: AccountValues,
  shape: KindShape,
  variants: { settings: number; credential: number },
  account: Account | null,
) {
  const isEdit = account !== null;
  const credential = at(shape.credential, variants.credential);
  const keepsCredential = isEdit && !hasCredential(credential, values.credential);
  return {
    name: values.name.trim(),
    description: values.description.trim(),
    priority: numberOf(values.priority),
    weight: numberOf(values.weight),
    maxConcurrency: numberOf(values.maxConcurrency),
    models: { allow: values.models.allow, map: mapOf(values.models.map) },
    clients: values.clients,
    enabled: values.enabled,
    shared: values.shared,
    groupIds: values.groupIds,
    dailyUsd: values.dailyUsd.trim() === '' ? null : numberOf(values.dailyUsd),
    expiresAt: values.expiresAt === '' ? null : values.expiresAt,
    pausedUntil: values.pausedUntil === '' ? null : values.pausedUntil,
    serviceHours: values.serviceHours,
    proxy: proxyBody(values.proxy, account?.proxy ?? null),
    settings: toBody(at(shape.settings, variants.settings), values.settings, isEdit).body,
    ...(keepsCredential ? {} : { credential: toBody(credential, values.credential).body }),
  };
}

/** Names of fields whose text cannot be read as what they hold (numbers, JSON), as the form knows them. */
export function unreadable(
  values: AccountValues,
  shape: KindShape,
  variants: { settings: number; credential: number },
): string[] {
  return [
    ...toBody(at(shape.settings, variants.settings), values.settings).invalid.map(
      (name) => `settings.${name}`,
    ),
    ...toBody(at(shape.credential, variants.credential), values.credential).invalid.map(
      (name) => `credential.${name}`,
    ),
  ];
}
