// Owns what a change of many accounts sets, and how it becomes a body of the contract. Pure.
import type { ServiceHours } from '@crs/shared';
import { type ProxyValues, proxyBody, proxyValues } from './proxy-values';

export interface BatchValues {
  priority: string;
  weight: string;
  maxConcurrency: string;
  /** USD; empty = no limit. */
  dailyUsd: string;
  serviceHours: ServiceHours;
  shared: boolean;
  /** ISO time; empty = never. */
  expiresAt: string;
  proxy: ProxyValues;
}

export type BatchField = keyof BatchValues;

export const batchFields = [
  'priority',
  'weight',
  'maxConcurrency',
  'dailyUsd',
  'serviceHours',
  'shared',
  'expiresAt',
  'proxy',
] as const satisfies readonly BatchField[];

export const emptyBatch: BatchValues = {
  priority: '50',
  weight: '1',
  maxConcurrency: '0',
  dailyUsd: '',
  serviceHours: [],
  shared: true,
  expiresAt: '',
  proxy: proxyValues(null),
};

/** `''` is no number, not zero. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Only the chosen fields. */
export function batchSet(values: BatchValues, chosen: readonly BatchField[]) {
  const all = {
    priority: numberOf(values.priority),
    weight: numberOf(values.weight),
    maxConcurrency: numberOf(values.maxConcurrency),
    dailyUsd: values.dailyUsd.trim() === '' ? null : numberOf(values.dailyUsd),
    serviceHours: values.serviceHours,
    shared: values.shared,
    expiresAt: values.expiresAt === '' ? null : values.expiresAt,
    proxy: proxyBody(values.proxy, null),
  };
  return Object.fromEntries(chosen.map((field) => [field, all[field]])) as Partial<typeof all>;
}
