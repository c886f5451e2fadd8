'use client';
// Owns how limits are said in words, as they are set and as they stand.
import type { Budget, Key, LimitState, Window } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useFormat } from '@/lib/use-format';
import { serviceName } from '@/lib/vendor-names';

export function useLimitWords() {
  const t = useTranslations('keys.limits');
  const format = useFormat();
  return useMemo(() => {
    const money = (usd: number) => (usd > 0 ? format.money(Math.round(usd * 1e9)) : '–');
    const count = (value: number) => (Number.isNaN(value) ? '–' : format.count(value));
    const span = (every: Exclude<LimitState['every'], null>, units = 1) =>
      t(`span.${every}`, { count: Number.isNaN(units) ? 1 : units });
    const forModels = (models: readonly string[] | undefined) =>
      models === undefined || models.length === 0 ? '' : ` (${models.join(', ')})`;
    return {
      /** `Budget per day`; the models it is limited to stand beside it. */
      name: ({ limit, every, count: units }: LimitState) =>
        every === null ? t('names.concurrency') : t(`names.${limit}`, { span: span(every, units) }),
      /** A figure of a limit in its own unit. */
      amount: (limit: LimitState['limit'], value: number) => {
        if (limit === 'budget' || limit === 'usd') return format.money(value);
        return limit === 'tokens' ? format.tokens(value) : format.count(value);
      },
      /** `$5.00 per day` */
      budget: ({ every, usd, models }: Budget) =>
        t('set', { amount: money(usd), span: span(every) }) + forModels(models),
      /** `60 requests, 1M tokens per minute` */
      window: ({ every, count: units, requests, tokens, usd, models }: Window) => {
        const amounts = [
          ...(requests === undefined ? [] : [t('requests', { count: count(requests) })]),
          ...(tokens === undefined
            ? []
            : [t('tokens', { count: Number.isNaN(tokens) ? '–' : format.tokens(tokens) })]),
          ...(usd === undefined ? [] : [money(usd)]),
        ];
        const amount = amounts.length === 0 ? '–' : amounts.join(t('and'));
        return t('set', { amount, span: span(every, units) }) + forModels(models);
      },
      queue: (queue: Key['queue']) =>
        queue === null
          ? t('noQueue')
          : t('queue', { size: count(queue.size), seconds: count(queue.waitSeconds) }),
      rates: (rates: Key['rates']) => {
        const set = Object.entries(rates).filter(([, rate]) => rate !== 1);
        if (set.length === 0) return t('plainRates');
        return set
          .map(([service, rate]) => `${serviceName(service)} × ${Number.isNaN(rate) ? '–' : rate}`)
          .join(', ');
      },
    };
  }, [t, format]);
}
