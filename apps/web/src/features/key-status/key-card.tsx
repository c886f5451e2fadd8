'use client';
// Owns one key as its holder sees it: state, end, limits with countdown, use by day and model; a chunk of its own.
import type { KeyStats, KeyStatus } from '@crs/shared';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense } from 'react';
import { LimitList } from '@/components/limits/limit-list';
import { StatusText, type Tone } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Countdown, RelativeTime } from '@/components/ui/time';
import { isApiError } from '@/lib/api';
import { clientName } from '@/lib/client-names';
import { mayAskAgain, readKeyStats } from '@/lib/key-stats';
import { useFormat } from '@/lib/use-format';
import { serviceName } from '@/lib/vendor-names';
import type { HeldKey } from './use-held-keys';

const KeyTrend = lazy(() => import('./key-trend'));

const REFRESH_MS = 60_000;

interface KeyCardProps {
  held: HeldKey;
  onRemove: () => void;
}

export default function KeyCard({ held, onRemove }: KeyCardProps) {
  const t = useTranslations('keyStatus');
  const query = useQuery({
    queryKey: ['key-status', held.id],
    queryFn: ({ signal }) => readKeyStats(held.secret, { signal }),
    gcTime: 0,
    staleTime: REFRESH_MS / 2,
    refetchInterval: ({ state }) => (mayAskAgain(state) ? REFRESH_MS : false),
    refetchOnWindowFocus: ({ state }) => mayAskAgain(state),
    retry: (failures, error) => !isApiError(error) && failures < 2,
  });
  if (query.data !== undefined) return <Card stats={query.data} onRemove={onRemove} />;
  return (
    <article className="rounded-card border border-line bg-surface">
      {query.error === null ? (
        <Skeleton className="h-96 w-full" />
      ) : (
        <>
          <ErrorState
            title={t('failed', { hint: hintOf(held.secret) })}
            error={query.error}
            {...(isApiError(query.error) && query.error.status === 401
              ? {}
              : { onRetry: () => void query.refetch() })}
            className="pb-3!"
          />
          <p className="pb-6 text-center">
            <Button onClick={onRemove}>{t('removeThis')}</Button>
          </p>
        </>
      )}
    </article>
  );
}

/** Enough to recognise a key by, too little to use it. */
function hintOf(secret: string): string {
  return secret.length < 16 ? '…' : `${secret.slice(0, 7)}…${secret.slice(-4)}`;
}

const tones: Record<KeyStatus, Tone> = {
  active: 'ok',
  disabled: 'bad',
  expired: 'bad',
  'not-activated': 'info',
  deleted: 'bad',
};

function Card({ stats, onRemove }: { stats: KeyStats; onRemove: () => void }) {
  const t = useTranslations('keyStatus');
  const keys = useTranslations('keys');
  const { name, hint, status, limits, server } = stats;
  return (
    <article aria-label={name} className="rounded-card border border-line bg-surface">
      <div className="flex items-start gap-3 px-4 pt-3">
        <div className="min-w-0 flex-1">
          <h2 className="break-words font-semibold text-base">{name}</h2>
          <p className="flex flex-wrap items-center gap-x-3 text-sm">
            <StatusText tone={tones[status]}>{keys(`status.${status}`)}</StatusText>
            <code className="font-mono text-muted text-xs">{hint}</code>
          </p>
        </div>
        <IconButton label={t('remove', { name })} size="iconSmall" icon={<X />} onClick={onRemove} />
      </div>
      <div className="flex flex-col gap-5 p-4">
        <Ends stats={stats} />
        <Totals stats={stats} />
        <Section title={keys('limits.title')}>
          {limits.length === 0 ? (
            <p className="text-muted text-sm">{keys('limits.none')}</p>
          ) : (
            <LimitList limits={limits} timeZone={server.timezone} />
          )}
        </Section>
        <Section title={t('allowed')}>
          <Rules stats={stats} />
        </Section>
        {stats.usage.total.requests > 0 && (
          <Suspense fallback={<Skeleton className="h-60 w-full" />}>
            <KeyTrend stats={stats} />
          </Suspense>
        )}
      </div>
    </article>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 font-medium text-sm">{title}</h3>
      {children}
    </section>
  );
}

function Ends({ stats: { expiresAt, expiration, lastUsedAt, status, server } }: { stats: KeyStats }) {
  const t = useTranslations('keyStatus');
  const keys = useTranslations('keys');
  const isWaiting = expiration !== null && 'afterFirstUse' in expiration && expiresAt === null;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm">
      <div>
        <dt className="text-muted text-xs">{keys('facts.expiresAt')}</dt>
        <dd>
          {expiresAt === null ? (
            isWaiting ? (
              t('afterFirstUse')
            ) : (
              keys('rules.never')
            )
          ) : (
            <>
              <RelativeTime at={expiresAt} timeZone={server.timezone} />
              {status === 'active' && (
                <span className="block text-muted text-xs">
                  <Countdown at={expiresAt} />
                </span>
              )}
            </>
          )}
        </dd>
      </div>
      <div>
        <dt className="text-muted text-xs">{keys('facts.lastUsedAt')}</dt>
        <dd>
          <RelativeTime at={lastUsedAt} />
        </dd>
      </div>
    </dl>
  );
}

/** What was charged: it is what budgets count. */
function Totals({ stats: { usage, usageByDay } }: { stats: KeyStats }) {
  const t = useTranslations('keyStatus');
  const keys = useTranslations('keys.usage');
  const format = useFormat();
  const month = {
    chargedNanoUsd: usageByDay.reduce((sum, day) => sum + day.chargedNanoUsd, 0),
    requests: usageByDay.reduce((sum, day) => sum + day.requests, 0),
    tokens: usageByDay.reduce((sum, day) => sum + tokensOf(day), 0),
  };
  const columns = [
    { label: keys('today'), ...usage.today, tokens: tokensOf(usage.today) },
    { label: t('days', { count: usageByDay.length }), ...month },
    { label: keys('total'), ...usage.total, tokens: tokensOf(usage.total) },
  ];
  return (
    <dl className="grid grid-cols-3 divide-x divide-line border-line border-y">
      {columns.map(({ label, chargedNanoUsd, requests, tokens }) => (
        <div key={label} className="min-w-0 px-3 py-2 first:pl-0">
          <dt className="text-muted text-xs">{label}</dt>
          <dd>
            <span className="block truncate font-semibold text-lg">{format.money(chargedNanoUsd)}</span>
            <span className="block text-muted text-xs">{t('requests', { count: requests })}</span>
            <span className="block text-muted text-xs">{t('tokens', { tokens: format.tokens(tokens) })}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function tokensOf(figures: KeyStats['usage']['today']): number {
  const { input, cacheWrite5m, cacheWrite1h, cacheRead, output } = figures;
  return input + cacheWrite5m + cacheWrite1h + cacheRead + output;
}

function Rules({ stats: { permissions, models, clients } }: { stats: KeyStats }) {
  const facts = useTranslations('keys.facts');
  const rules = useTranslations('keys.rules');
  const services = permissions === 'all' ? rules('allServices') : permissions.map(serviceName).join(', ');
  const isOpen = models.list.length === 0;
  const rows = [
    { label: facts('services'), text: services, list: [] },
    {
      label: facts('models'),
      text: isOpen
        ? rules(models.mode === 'deny' ? 'allModels' : 'noModels')
        : rules(models.mode === 'deny' ? 'modelsBut' : 'modelsOnly', { count: models.list.length }),
      list: models.list,
    },
    {
      label: facts('clients'),
      text: clients.length === 0 ? rules('allClients') : clients.map(clientName).join(', '),
      list: [],
    },
  ];
  return (
    <dl className="divide-y divide-line border-line border-y text-sm">
      {rows.map(({ label, text, list }) => (
        <div key={label} className="flex gap-3 py-1.5">
          <dt className="w-24 shrink-0 text-muted">{label}</dt>
          <dd className="min-w-0 flex-1">
            {text}
            {list.length > 0 && (
              <span className="block break-all font-mono text-muted text-xs">{list.join(', ')}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
