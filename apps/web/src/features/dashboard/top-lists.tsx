'use client';
// Owns who and what spends most: the first five keys, models and accounts of the period.
import type { Dashboard, UsageRow } from '@crs/shared';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';

export function TopLists({ data }: { data: Dashboard }) {
  const t = useTranslations('dashboard.top');
  const total = data.current.costNanoUsd;
  return (
    <div className="grid gap-3 lg:grid-cols-2 xl:grid-cols-3">
      <TopList title={t('keys')} rows={data.topKeys} total={total} hrefOf={links.key} />
      <TopList
        title={t('models')}
        rows={data.topModels}
        total={total}
        hrefOf={(model) => links.requests({ model })}
        mono
      />
      <div className="min-w-0 lg:col-span-2 xl:col-span-1">
        <TopList title={t('accounts')} rows={data.topAccounts} total={total} hrefOf={links.account} />
      </div>
    </div>
  );
}

interface TopListProps {
  title: string;
  rows: readonly UsageRow[];
  /** Spend of the whole period, nano-USD. */
  total: number;
  hrefOf: (id: string) => string;
  mono?: boolean;
}

function TopList({ title, rows, total, hrefOf, mono = false }: TopListProps) {
  const t = useTranslations('dashboard.top');
  const format = useFormat();
  return (
    <Panel title={title} flush className="h-full">
      {rows.length === 0 ? (
        <p className="border-line border-t px-4 py-6 text-center text-muted text-sm">{t('empty')}</p>
      ) : (
        <table className="w-full table-fixed text-sm">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr className="text-muted text-xs">
              <th scope="col" className="h-7 pl-4 text-left font-medium">
                {t('name')}
              </th>
              <th scope="col" className="w-20 text-right font-medium">
                {t('requests')}
              </th>
              <th scope="col" className="w-20 text-right font-medium">
                {t('spend')}
              </th>
              <th scope="col" className="w-16 pr-4 text-right font-medium">
                {t('share')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const share = total === 0 ? 0 : row.costNanoUsd / total;
              return (
                <tr key={row.group} className="hover:bg-hover">
                  <td className="h-9 border-line border-t pl-4 max-sm:h-11">
                    <Link
                      href={hrefOf(row.group)}
                      className={`block truncate py-1 hover:underline ${mono ? 'font-mono text-xs' : ''}`}
                    >
                      {row.label === '' ? row.group : row.label}
                    </Link>
                  </td>
                  <td className="border-line border-t text-right text-muted">{format.count(row.requests)}</td>
                  <td className="border-line border-t text-right">{format.money(row.costNanoUsd)}</td>
                  <td className="border-line border-t pr-4 text-right text-muted">
                    {format.percent(share, share < 0.1 ? 1 : 0)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
