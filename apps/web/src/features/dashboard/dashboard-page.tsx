'use client';
// Owns the dashboard: is it healthy, who is spending, what needs a hand; on a first start, what to do next.
import type { Dashboard } from '@crs/shared';
import { clsx } from 'clsx';
import { RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Alert } from '@/components/ui/alert';
import { Button, IconButton } from '@/components/ui/button';
import { useDelayed } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { useErrorText } from '@/lib/errors';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Attention } from './attention';
import { DashboardSkeleton } from './dashboard-skeleton';
import type { TimeRange } from '@/lib/time-range';
import { RangePicker } from '@/components/filters/range-picker';
import { SetupChecklist } from './setup-checklist';
import { Tiles } from './tiles';
import { TopLists } from './top-lists';
import { TrendCharts } from './trend-charts';
import { isSetUp, useDashboard } from './use-dashboard';
import { useDashboardRange } from './use-dashboard-range';

const lengths = ['24h', '7d', '30d'] as const;

export function DashboardPage() {
  const t = useTranslations('dashboard');
  const shell = useTranslations('shell');
  const errorText = useErrorText();
  const [range, setRange] = useDashboardRange();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const query = useDashboard(range, timeZone);
  const { data, error, isFetching, isPlaceholderData } = query;
  const stale = useDelayed(isPlaceholderData && isFetching);
  const refresh = () => void query.refetch();
  const hasFigures = data === undefined || data.setup.request;

  let content: ReactNode;
  if (data !== undefined) {
    content = (
      <div className={clsx('flex flex-col gap-3 transition-opacity', stale && 'opacity-55')}>
        {error !== null && (
          <Alert
            tone="warn"
            title={t('refreshFailed')}
            action={
              <Button size="sm" onClick={refresh}>
                {t('refresh')}
              </Button>
            }
          >
            {errorText(error).message}
          </Alert>
        )}
        <Content data={data} timeZone={timeZone} onZoom={setRange} />
      </div>
    );
  } else if (error !== null && !isFetching) {
    content = (
      <div className="rounded-card border border-line bg-surface">
        <ErrorState title={t('failed')} error={error} onRetry={refresh} />
      </div>
    );
  } else {
    content = <DashboardSkeleton />;
  }

  return (
    <>
      <PageHeader
        title={shell('pages.dashboard')}
        description={
          data !== undefined && hasFigures ? <Covered data={data} timeZone={timeZone} /> : undefined
        }
        actions={
          hasFigures && (
            <>
              <RangePicker range={range} lengths={lengths} timeZone={timeZone} onChange={setRange} />
              <IconButton
                label={t('refresh')}
                variant="secondary"
                busy={isFetching && data !== undefined}
                icon={<RotateCw />}
                onClick={refresh}
              />
            </>
          )
        }
      />
      {content}
    </>
  );
}

/** From when to when the figures are, in the zone that decides a day. */
function Covered({ data: { from, to }, timeZone }: { data: Dashboard; timeZone: string }) {
  const format = useFormat();
  const say = (iso: string) => `${format.day(iso, timeZone)} ${format.clock(iso, timeZone)}`;
  return <span title={timeZone}>{`${say(from)} – ${say(to)}`}</span>;
}

interface ContentProps {
  data: Dashboard;
  timeZone: string;
  onZoom: (range: TimeRange) => void;
}

function Content({ data, timeZone, onZoom }: ContentProps) {
  return (
    <>
      {!isSetUp(data) && <SetupChecklist setup={data.setup} />}
      {data.setup.request && (
        <>
          <Tiles data={data} />
          <Attention data={data} />
          <TrendCharts data={data} timeZone={timeZone} onZoom={onZoom} />
          <TopLists data={data} />
        </>
      )}
    </>
  );
}
