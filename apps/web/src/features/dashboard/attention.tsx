'use client';
// Owns what an operator should look at now, each with the way to it; one green line when there is nothing.
import type { Dashboard } from '@crs/shared';
import { clsx } from 'clsx';
import { CircleCheck, KeyRound, type LucideIcon, Server, Tag, Wallet } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { AccountReason } from '@/components/accounts/account-reason';
import { useLimitWords } from '@/components/limits/use-limit-words';
import { Countdown } from '@/components/ui/time';
import { links, paths } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

type Item = Dashboard['attention'][number];

const icons: Record<Item['kind'], LucideIcon> = {
  account: Server,
  'model-without-price': Tag,
  'key-near-budget': Wallet,
  'key-expiring': KeyRound,
};

/** These pass by themselves; everything else waits for somebody. */
const passing = new Set(['cooling', 'limited']);

export function Attention({ data }: { data: Dashboard }) {
  const t = useTranslations('dashboard.attention');
  const { attention } = data;
  if (attention.length === 0) {
    return (
      <section
        aria-label={t('title')}
        className="flex flex-wrap items-center gap-x-2 gap-y-0.5 rounded-card border border-ok-line bg-ok-soft px-4 py-2 text-sm"
      >
        <CircleCheck aria-hidden className="size-4 text-ok-text" />
        <span className="font-medium">{t('calm')}</span>
        <Counts data={data} />
      </section>
    );
  }
  return (
    <section aria-labelledby="attention" className="rounded-card border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-2 border-line border-b px-4 py-2 text-sm">
        <h2 id="attention" className="font-semibold">
          {t('title')}
        </h2>
        <span className="rounded-[4px] bg-sunken px-1.5 text-muted text-xs">{attention.length}</span>
        <Counts data={data} />
      </div>
      <ul className="max-h-[252px] divide-y divide-line overflow-y-auto">
        {attention.map((item) => (
          <Entry key={`${item.kind}-${item.id}-${item.status}`} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Counts({ data: { accounts, keys } }: { data: Dashboard }) {
  const t = useTranslations('dashboard.attention');
  const format = useFormat();
  return (
    <span className="ml-auto text-muted max-sm:ml-0 max-sm:w-full">
      {t('counts', {
        ready: format.count(accounts.byStatus.ready ?? 0),
        accounts: format.count(accounts.total),
        active: format.count(keys.active),
        keys: format.count(keys.total),
      })}
    </span>
  );
}

function hrefOf(item: Item): string {
  if (item.kind === 'account') return links.account(item.id);
  if (item.kind === 'key-expiring' || item.kind === 'key-near-budget') return links.key(item.id);
  return paths.pricing;
}

function Entry({ item }: { item: Item }) {
  const t = useTranslations('dashboard.attention');
  const Icon = icons[item.kind];
  const bad = item.status === 'budget-used' || (item.kind === 'account' && !passing.has(item.status));
  return (
    <li>
      <Link
        href={hrefOf(item)}
        className="flex min-h-9 items-center gap-x-3 px-4 py-1.5 text-sm hover:bg-hover focus-visible:-outline-offset-2 max-sm:min-h-11 max-sm:flex-wrap"
      >
        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="w-56 shrink-0 truncate font-medium max-lg:w-40 max-sm:w-auto max-sm:max-w-[60%]">
          {item.name}
        </span>
        <span
          className={clsx(
            'w-28 shrink-0 font-medium max-sm:w-auto',
            bad ? 'text-bad-text' : 'text-warn-text',
          )}
        >
          {t.has(`status.${item.status}` as never) ? t(`status.${item.status}` as never) : item.status}
        </span>
        <span className="min-w-0 flex-1 truncate text-muted max-sm:w-full max-sm:flex-none">
          <Why item={item} />
        </span>
        <Until item={item} />
      </Link>
    </li>
  );
}

function Why({ item: { reason, chargedAs, limit } }: { item: Item }) {
  const t = useTranslations('dashboard.attention');
  const format = useFormat();
  const limits = useLimitWords();
  if (reason !== null) return <AccountReason reason={reason} />;
  if (chargedAs !== null) return t('chargedAs', { row: chargedAs });
  if (limit === null) return null;
  const models = limit.models === undefined ? '' : ` (${limit.models.join(', ')})`;
  return `${t('used', {
    name: limits.name(limit),
    used: limits.amount(limit.limit, limit.used),
    max: limits.amount(limit.limit, limit.max),
    percent: format.percent(limit.used / limit.max, 0),
  })}${models}`;
}

function Until({ item: { kind, until } }: { item: Item }) {
  const t = useTranslations('dashboard.attention');
  const now = useNow(1000);
  if (until === null || kind === 'model-without-price' || Date.parse(until) <= now) return null;
  return (
    <span className="shrink-0 text-muted">
      {t(`until.${kind}`)} <Countdown at={until} className="text-text" />
    </span>
  );
}
