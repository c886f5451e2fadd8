'use client';
// Owns how a change of many accounts is said in words: fields before and after it, numbers, refusals.
import type { Account, AccountStatus } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { BatchWords } from '@/components/batch/batch-words';
import { clientName } from '@/lib/client-names';
import { useAllGroups } from '@/lib/upstream';
import { useFormat } from '@/lib/use-format';
import { proxyAddress } from './proxy-values';
import { useHoursWords } from './use-hours-words';

export function useBatchWords(): BatchWords {
  const t = useTranslations('accounts');
  const format = useFormat();
  const hours = useHoursWords();
  const groups = useAllGroups().data;
  return useMemo(() => {
    const list = (texts: readonly string[]) => (texts.length === 0 ? t('batch.nothing') : texts.join(', '));
    const onOff = (value: boolean) => (value ? t('batch.on') : t('batch.off'));
    const words: { [Field in keyof Account]?: (value: Account[Field]) => string } & {
      health: (value: AccountStatus) => string;
    } = {
      description: (value) => (value === '' ? t('batch.nothing') : value),
      enabled: onOff,
      shared: (value) => (value ? t('summary.shared') : t('summary.boundOnly')),
      priority: String,
      weight: String,
      maxConcurrency: (value) => (value === 0 ? t('summary.noLimit') : format.count(value)),
      dailyUsd: (value) => (value === null ? t('summary.noLimit') : format.money(Math.round(value * 1e9))),
      expiresAt: (value) => (value === null ? t('summary.noEnd') : format.dateTime(value)),
      pausedUntil: (value) => (value === null ? t('batch.notPaused') : format.dateTime(value)),
      serviceHours: hours.all,
      groupIds: (ids) => list(ids.map((id) => groups?.find((group) => group.id === id)?.name ?? id)),
      clients: (ids) => (ids.length === 0 ? t('summary.allClients') : list(ids.map(clientName))),
      models: ({ allow }) => (allow.length === 0 ? t('summary.allModels') : list(allow)),
      proxy: (value) => (value === null ? t('proxy.none') : proxyAddress(value)),
      health: (status) => t(`status.${status}`),
    };
    const write = words as Record<string, ((value: never) => string) | undefined>;
    return {
      name: (field) =>
        t.has(`batch.fields.${field}` as never) ? t(`batch.fields.${field}` as never) : field,
      value: (field, value) => write[field]?.(value as never) ?? JSON.stringify(value),
      preview: ({ changed, unchanged, failed }) => t('batch.preview', { changed, unchanged, failed }),
      count: (count) => t('batch.accounts', { count }),
      oneByOne: t('batch.oneByOne'),
      failed: t('batch.failed'),
      reason: ({ code, detail }) =>
        t.has(`batch.reasons.${code}` as never) ? t(`batch.reasons.${code}` as never) : detail,
    };
  }, [t, format, hours, groups]);
}
