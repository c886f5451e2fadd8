'use client';
// Owns the explorer of usage: one question at a time (what, by what, when, whose), answered by figures against the
// period before, a picture, and the table behind it. The whole question stands in the address.
import { useRouter } from 'next/navigation';
import { clsx } from 'clsx';
import { ChartColumn, Link2, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react';
import { ColumnChooser, Toolbar } from '@/components/data-table';
import { RangePicker } from '@/components/filters/range-picker';
import { PageHeader } from '@/components/shell/page-header';
import { IconButton, LinkButton } from '@/components/ui/button';
import { notify } from '@/components/ui/notify';
import { Skeleton, useDelayed } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { copyText } from '@/lib/clipboard';
import { links, paths } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import { useSession } from '@/lib/session';
import type { TimeRange } from '@/lib/time-range';
import { useFormat } from '@/lib/use-format';
import { useIsPhone } from '@/lib/use-is-phone';
import { useListState } from '@/lib/use-list-state';
import { drill, entryFilters, isPeriod, usageDefinition, viewOf } from './definition';
import { UsageExport } from './usage-export';
import { useUsageColumns } from './usage-columns';
import { EntryFilters, ViewControls } from './usage-controls';
import { type UsageList, UsageTable } from './usage-table';
import { UsageTiles } from './usage-tiles';
import { useGroupNames } from './use-group-names';
import { type UsageAnswer, type UsageTableRow, useUsage } from './use-usage';

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart')).UsageChart }));
const Forecast = lazy(() => import('./forecast'));

const lengths = ['24h', '7d', '30d', '90d', '365d'] as const;
/** Of a phone: as many as fit into one line. */
const fewLengths = ['24h', '7d', '30d'] as const;

export function UsagePage() {
  const t = useTranslations('usage');
  const shell = useTranslations('shell');
  const router = useRouter();
  const isPhone = useIsPhone();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const list = useEntryList();
  const { state, setFilters } = list;
  const view = useMemo(() => viewOf(state, serverNow(), timeZone), [state, timeZone]);
  const query = useUsage(state, view, timeZone);
  const { data, error, isFetching, isPlaceholderData } = query;
  const by = data?.by ?? view.by;
  const names = useGroupNames(by, timeZone);
  const stale = useDelayed(isPlaceholderData && isFetching);

  const onDrill = useCallback(
    (row: UsageTableRow) => {
      if (data === undefined) return;
      const next = data.rows[data.rows.indexOf(row) + 1];
      const inside = drill(state, data.by, row.group, isPeriod(data.by) ? (next?.group ?? data.to) : null);
      if (inside === null) return;
      if ('requests' in inside) router.push(links.requests(inside.requests));
      else setFilters(inside.filters);
    },
    [data, state, setFilters, router],
  );
  const columns = useUsageColumns({ answer: data, by, measure: view.measure, names, onDrill });

  let content: ReactNode;
  if (data !== undefined) {
    content = (
      <div className={clsx('mb-3 flex flex-col gap-3 transition-opacity', stale && 'opacity-55')}>
        <UsageTiles answer={data} measure={view.measure} onMeasure={(measure) => setFilters({ measure })} />
        <Suspense fallback={<ChartSkeleton />}>
          <UsageChart
            answer={data}
            measure={view.measure}
            names={names}
            timeZone={timeZone}
            onDrill={onDrill}
          />
        </Suspense>
      </div>
    );
  } else if (error !== null && !isFetching) {
    content = (
      <div className="rounded-card border border-line bg-surface">
        <ErrorState title={t('loadFailed')} error={error} onRetry={() => void query.refetch()} />
      </div>
    );
  } else {
    content = <UsageSkeleton />;
  }
  const isUnused =
    data !== undefined && data.total.requests === 0 && data.previous.requests === 0 && !list.filtered;

  return (
    <>
      <PageHeader
        title={shell('pages.usage')}
        description={data === undefined ? t('description') : <Covered answer={data} timeZone={timeZone} />}
        actions={
          <>
            <RangePicker
              range={view.range}
              lengths={isPhone ? fewLengths : lengths}
              timeZone={timeZone}
              onChange={(range) => setFilters(rangeFilters(range, isPeriod(view.by)))}
            />
            <CopyLink />
            <IconButton
              label={t('refresh')}
              variant="secondary"
              className="max-sm:hidden"
              busy={isFetching && data !== undefined}
              icon={<RotateCw />}
              onClick={() => void query.refetch()}
            />
          </>
        }
      />
      <Toolbar
        list={list}
        filters={
          <>
            <ViewControls list={list} view={view} />
            <EntryFilters list={list} />
          </>
        }
      >
        <UsageExport state={state} view={view} timeZone={timeZone} />
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      {isUnused ? (
        <div className="rounded-card border border-line bg-surface">
          <EmptyState
            icon={<ChartColumn />}
            title={t('empty.title')}
            action={<LinkButton href={paths.setup}>{t('empty.action')}</LinkButton>}
          >
            {t('empty.help')}
          </EmptyState>
        </div>
      ) : (
        <>
          {content}
          {data !== undefined && (
            <UsageTable {...{ list, query, columns, names, onDrill }} measure={view.measure} />
          )}
        </>
      )}
      <Suspense fallback={<div className="mt-3 min-h-80" />}>
        <Forecast timeZone={timeZone} />
      </Suspense>
    </>
  );
}

/** The list whose filters are those by an entry: measure, grouping and period are the question, not a narrowing. */
function useEntryList(): UsageList {
  const list = useListState(usageDefinition);
  return useMemo(
    () => ({
      ...list,
      filtered: entryFilters.some((name) => list.state.filters[name] !== ''),
      clear: () => list.setFilters(Object.fromEntries(entryFilters.map((name) => [name, '']))),
    }),
    [list],
  );
}

/** Another range is another fitting period, where rows are periods at all. */
function rangeFilters(range: TimeRange, resetsPeriod: boolean): Partial<UsageList['state']['filters']> {
  const bounds = range.name === 'custom' ? { from: range.from, to: range.to } : { from: '', to: '' };
  return { range: range.name, ...bounds, ...(resetsPeriod ? { by: '' as const } : {}) };
}

/** From when to when the figures are, and what they are compared with. */
function Covered({ answer, timeZone }: { answer: UsageAnswer; timeZone: string }) {
  const t = useTranslations('usage');
  const format = useFormat();
  const say = (iso: string) => `${format.day(iso, timeZone)} ${format.clock(iso, timeZone)}`;
  const covered = `${say(answer.from)} – ${say(answer.to)}`;
  const before = `${say(answer.previousFrom)} – ${say(answer.previousTo)}`;
  return <span title={`${t('comparedWith', { before })} (${timeZone})`}>{covered}</span>;
}

function CopyLink() {
  const t = useTranslations('usage');
  const copy = async () => {
    if (await copyText(window.location.href)) notify.success(t('linkCopied'));
    else notify.error(t('linkNotCopied'));
  };
  return (
    <IconButton
      label={t('copyLink')}
      variant="secondary"
      icon={<Link2 />}
      className="max-sm:hidden"
      onClick={() => void copy()}
    />
  );
}

const tileKeys = [0, 1, 2, 3, 4, 5] as const;
const boxLook = 'rounded-card border border-line bg-surface';

function ChartSkeleton() {
  return (
    <div className={`${boxLook} flex h-[344px] flex-col gap-4 p-4`}>
      <Skeleton className="h-3 w-48" />
      <Skeleton className="min-h-0 w-full flex-1" />
    </div>
  );
}

function UsageSkeleton() {
  return (
    <div aria-hidden className="mb-3 flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
        {tileKeys.map((index) => (
          <div key={index} className={`${boxLook} flex h-[112px] flex-col gap-3 px-4 py-4`}>
            <Skeleton className="h-3 w-16" />
            <Skeleton className="h-6 w-24" />
            <Skeleton className="h-3 w-full max-w-36" />
          </div>
        ))}
      </div>
      <ChartSkeleton />
      <div className={`${boxLook} h-96`} />
    </div>
  );
}
