'use client';
// Owns the columns of the list of prices: USD per million tokens, tiers below each other.
import type { UsdPerMTok } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/use-format';
import type { PriceRow } from './price-rows';

export function usePriceColumns({ onOpen }: { onOpen: (row: PriceRow) => void }): DataColumn<PriceRow>[] {
  const t = useTranslations('pricing');
  const format = useFormat();
  return useMemo(() => {
    const price = (usd: number | null): string => (usd === null ? '–' : format.usdPerMTok(usd));
    const both = (prices: UsdPerMTok): string => `${price(prices.input)} / ${price(prices.output)}`;
    const money = (read: (prices: UsdPerMTok) => number | null) => (row: PriceRow) => {
      const [usd, listed] = [read(row.usdPerMTok), row.listed === null ? null : read(row.listed.usdPerMTok)];
      const isOwn = row.overrideId !== null && usd !== listed;
      return (
        <Price
          isOwn={isOwn}
          title={isOwn && listed !== null ? t('listed', { price: price(listed) }) : undefined}
        >
          {price(usd)}
        </Price>
      );
    };
    const badges = ({ overrideId, next }: PriceRow): ReactNode => (
      <>
        {overrideId !== null && <Badge tone="accent">{t('overridden')}</Badge>}
        {next !== null && <Badge tone="info">{t('scheduled')}</Badge>}
      </>
    );
    const columns: DataColumn<PriceRow>[] = [
      {
        id: 'model',
        label: t('columns.model'),
        sortBy: 'model',
        phone: 'title',
        fixed: true,
        grow: true,
        skeletonPercent: 60,
        cell: (row) => (
          <span className="flex min-w-0 items-center gap-2">
            <button
              type="button"
              tabIndex={-1}
              onClick={() => onOpen(row)}
              className="min-w-0 truncate rounded-[4px] font-mono text-xs hover:underline max-sm:min-h-6"
            >
              {row.id}
            </button>
            <span className="contents max-sm:hidden">{badges(row)}</span>
          </span>
        ),
      },
      {
        id: 'provider',
        label: t('columns.provider'),
        width: '104px',
        phone: 'detail',
        cell: (row) => (
          <span className="inline-flex items-center gap-2">
            <span className="text-muted">{row.provider}</span>
            <span className="contents sm:hidden">{badges(row)}</span>
          </span>
        ),
      },
      {
        id: 'input',
        label: t('buckets.input'),
        sortBy: 'input',
        align: 'end',
        width: '88px',
        phone: 'aside',
        cell: (row) => (
          <>
            <span className="max-sm:hidden">{money(({ input }) => input)(row)}</span>
            <span className="sm:hidden">{both(row.usdPerMTok)}</span>
          </>
        ),
      },
      {
        id: 'output',
        label: t('buckets.output'),
        sortBy: 'output',
        align: 'end',
        width: '88px',
        phone: 'hidden',
        cell: money(({ output }) => output),
      },
      {
        id: 'cacheWrite5m',
        label: t('buckets.cacheWrite5m'),
        align: 'end',
        width: '124px',
        phone: 'detail',
        cell: (row) => (
          <>
            <span className="text-muted sm:hidden">{`${t('buckets.cacheWrite5m')} `}</span>
            {money(({ cacheWrite5m }) => cacheWrite5m)(row)}
          </>
        ),
      },
      {
        id: 'cacheWrite1h',
        label: t('buckets.cacheWrite1h'),
        align: 'end',
        width: '116px',
        phone: 'hidden',
        cell: money(({ cacheWrite1h }) => cacheWrite1h),
      },
      {
        id: 'cacheRead',
        label: t('buckets.cacheRead'),
        align: 'end',
        width: '104px',
        phone: 'detail',
        cell: (row) => (
          <>
            <span className="text-muted sm:hidden">{`${t('buckets.cacheRead')} `}</span>
            {money(({ cacheRead }) => cacheRead)(row)}
          </>
        ),
      },
      {
        id: 'tiers',
        label: t('columns.tiers'),
        width: '200px',
        phone: 'detail',
        cell: ({ tiers }) =>
          tiers.map(({ aboveInputTokens, usdPerMTok }) => (
            <span key={aboveInputTokens} className="block whitespace-nowrap text-xs">
              <span className="text-muted">{`> ${format.tokens(aboveInputTokens)} `}</span>
              {both(usdPerMTok)}
            </span>
          )),
      },
    ];
    return columns;
  }, [t, format, onOpen]);
}

function Price({
  isOwn,
  title,
  children,
}: {
  isOwn: boolean;
  title: string | undefined;
  children: ReactNode;
}) {
  return (
    <span title={title} className={isOwn ? 'font-medium text-accent-text' : undefined}>
      {children}
    </span>
  );
}
