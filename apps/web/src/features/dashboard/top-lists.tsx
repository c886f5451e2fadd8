'use client';
// Owns who and what spends most: the first five keys, models and accounts of the period, and all kinds of accounts.
import type { Dashboard, UsageRow } from '@crs/shared';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { useAccountKinds } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';

export function TopLists({ data }: { data: Dashboard }) {
  const t = useTranslations('dashboard.top');
  const kinds = useAccountKinds();
  const total = data.current.costNanoUsd;
  const range = { range: 'custom', from: data.from, to: data.to };
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <TopList title={t('keys')} rows={data.topKeys} total={total} hrefOf={links.key} />
      <TopList
        title={t('models')}
        rows={data.topModels}
        total={total}
        hrefOf={(model) => links.requests({ model })}
        mono
      />
      <TopList title={t('accounts')} rows={data.topAccounts} total={total} hrefOf={links.account} />
      <TopList
        title={t('kinds')}
        rows={data.kinds}
        total={total}
        hrefOf={(kind) => (kind === '' ? null : links.usage({ ...range, by: 'account', kind }))}
        nameOf={({ group }) => (group === '' ? t('noAccount') : kinds.label(group))}
      />
    </div>
  );
}

interface TopListProps {
  title: string;
  rows: readonly UsageRow[];
  /** Spend of the whole period, nano-USD. */
  total: number;
  /** Null where there is nothing to see. */
  hrefOf: (id: string) => string | null;
  nameOf?: (row: UsageRow) => string;
  mono?: boolean;
}

const nameOfEntry = ({ label, group }: UsageRow) => (label === '' ? group : label);

function TopList({ title, rows, total, hrefOf, nameOf = nameOfEntry, mono = false }: TopListProps) {
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
                    <EntryLink href={hrefOf(row.group)} mono={mono}>
                      {nameOf(row)}
                    </EntryLink>
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

function EntryLink({ href, mono, children }: { href: string | null; mono: boolean; children: string }) {
  if (href === null) return <span className="block truncate text-muted">{children}</span>;
  return (
    <Link
      href={href}
      title={children}
      className={`block truncate py-1 hover:underline ${mono ? 'font-mono text-xs' : ''}`}
    >
      {children}
    </Link>
  );
}
