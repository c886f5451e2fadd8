'use client';
// Owns how a change of many keys is said in words: fields before and after it, numbers, refusals.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { BatchWords } from '@/components/batch/batch-words';
import { useLimitWords } from '@/components/limits/use-limit-words';
import { useKeyWords } from './use-key-words';

export function useBatchWords(): BatchWords {
  const t = useTranslations('keys.batch');
  const keys = useKeyWords();
  const limits = useLimitWords();
  return useMemo(() => {
    const list = (texts: readonly string[]) => (texts.length === 0 ? t('nothing') : texts.join(' · '));
    const words: { [Field in keyof Key]?: (value: Key[Field]) => string } = {
      description: (value) => (value === '' ? t('nothing') : value),
      tags: list,
      enabled: (value) => (value ? t('on') : t('off')),
      debug: (value) => (value ? t('on') : t('off')),
      bindFallback: (value) => (value ? t('on') : t('off')),
      permissions: keys.services,
      models: (value) =>
        value.list.length === 0 ? keys.models(value) : `${keys.models(value)}: ${value.list.join(', ')}`,
      clients: keys.clients,
      ipAllow: list,
      concurrency: keys.concurrency,
      windows: (value) => list(value.map(limits.window)),
      budgets: (value) => list(value.map(limits.budget)),
      queue: limits.queue,
      rates: limits.rates,
      expiration: keys.expiration,
      binds: (value) => keys.routing(value, false),
      budgetMode: (value) => t(`modes.${value}`),
      weeklyReset: ({ day, hour }) => t('week', { day, hour }),
    };
    const write = words as Record<string, ((value: never) => string) | undefined>;
    return {
      name: (field) => (t.has(`fields.${field}` as never) ? t(`fields.${field}` as never) : field),
      value: (field, value) => write[field]?.(value as never) ?? JSON.stringify(value),
      preview: ({ changed, unchanged, failed }) => t('preview', { changed, unchanged, failed }),
      count: (count) => t('keys', { count }),
      oneByOne: t('keyByKey'),
      failed: t('failed'),
      reason: ({ code, detail }) =>
        t.has(`reasons.${code}` as never) ? t(`reasons.${code}` as never) : detail,
    };
  }, [t, keys, limits]);
}
