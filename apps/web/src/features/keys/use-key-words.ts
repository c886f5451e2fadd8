'use client';
// Owns how the rules of a key are said in words: in the details, and in the closed sections of its form.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { clientName } from '@/lib/client-names';
import { useFormat } from '@/lib/use-format';
import { serviceNames } from '@/lib/vendor-names';

export function useKeyWords() {
  const t = useTranslations('keys.rules');
  const format = useFormat();
  return useMemo(
    () => ({
      services: (permissions: Key['permissions']) =>
        permissions === 'all'
          ? t('allServices')
          : permissions.map((service) => serviceNames[service]).join(', '),
      models: ({ mode, list }: Key['models']) => {
        if (list.length === 0) return mode === 'deny' ? t('allModels') : t('noModels');
        return mode === 'deny'
          ? t('modelsBut', { count: list.length })
          : t('modelsOnly', { count: list.length });
      },
      clients: (clients: Key['clients']) =>
        clients.length === 0 ? t('allClients') : clients.map(clientName).join(', '),
      addresses: (ranges: readonly string[]) =>
        ranges.length === 0 ? t('anyAddress') : t('addresses', { count: ranges.length }),
      concurrency: (max: number) =>
        max === 0 || Number.isNaN(max) ? t('noLimit') : t('atMost', { max: format.count(max) }),
      /** What answers the requests: the shared pool, or what the key is bound to. */
      routing: (binds: Key['binds'], fallback: boolean) => {
        if (binds.length === 0) return t('sharedPool');
        const groups = binds.filter((bind) => 'groupId' in bind).length;
        const accounts = binds.length - groups;
        const parts = [
          ...(groups === 0 ? [] : [t('groups', { count: groups })]),
          ...(accounts === 0 ? [] : [t('accounts', { count: accounts })]),
          ...(fallback ? [t('thenSharedPool')] : []),
        ];
        return parts.join(' · ');
      },
      expiration: (expiration: Key['expiration']) => {
        if (expiration === null) return t('never');
        if ('at' in expiration) return t('endsAt', { time: format.exactTime(expiration.at) });
        const life = expiration.afterFirstUse;
        return 'days' in life
          ? t('daysAfterFirstUse', { count: life.days })
          : t('hoursAfterFirstUse', { count: life.hours });
      },
    }),
    [t, format],
  );
}
