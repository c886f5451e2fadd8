'use client';
// Owns the page of one key: what it may, how full its limits are, what it has used, and what was done to it.
import type { Key } from '@crs/shared';
import {
  ArrowRightLeft,
  CalendarPlus,
  KeyRound,
  MoreHorizontal,
  Pencil,
  RefreshCw,
  Trash2,
  Undo2,
} from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import { TargetHistory } from '@/components/audit/target-history';
import { PageHeader } from '@/components/shell/page-header';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton, LinkButton } from '@/components/ui/button';
import { Switch } from '@/components/ui/checkbox';
import { Menu } from '@/components/ui/menu';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { links, paths } from '@/lib/paths';
import { useCanManage, useSession } from '@/lib/session';
import { ChangeFailureAlert } from './change-failure';
import { type KeyDialogOpeners, KeyDialogs, useKeyDialogs } from './key-dialogs';
import { GraceNote, KeyDates, KeyLimits, KeyRules } from './key-facts';
import { KeyStatusText } from './key-status';
import { type KeyChanges, useKeyChanges } from './use-key-changes';
import { useKeyStats } from './use-key-stats';
import { useKey } from './use-keys';

const KeyCharts = lazy(() => import('./key-charts'));
const UsageTable = lazy(async () => ({ default: (await import('./key-usage')).UsageTable }));

const ranges = ['7', '30', '90'] as const;
type Range = (typeof ranges)[number];

export function KeyViewPage() {
  const shell = useTranslations('shell');
  const t = useTranslations('keys');
  const router = useRouter();
  const id = useSearchParams().get('id') ?? '';
  const canManage = useCanManage();
  const isAdmin = useSession().data?.user.role === 'admin';
  const changes = useKeyChanges();
  const { openers, above, setAbove } = useKeyDialogs();
  const { data: key, error, isFetching, refetch } = useKey(id);

  let content: ReactNode;
  if (id === '') {
    content = (
      <EmptyState
        icon={<KeyRound />}
        title={t('view.noneChosen')}
        action={<LinkButton href={paths.keys}>{t('view.toList')}</LinkButton>}
      />
    );
  } else if (key !== undefined) {
    content = <Details apiKey={key} {...{ canManage, isAdmin, changes }} />;
  } else if (error !== null && !isFetching) {
    content = <ErrorState title={t('oneFailed')} error={error} onRetry={() => void refetch()} />;
  } else content = <Skeleton className="h-120 w-full" />;

  return (
    <>
      <PageHeader
        title={key?.name ?? shell('pages.keys')}
        description={key !== undefined && <KeyStatusText status={key.status} />}
        actions={key !== undefined && <Actions apiKey={key} {...{ canManage, isAdmin, changes, openers }} />}
      />
      <ChangeFailureAlert changes={changes} />
      {content}
      <KeyDialogs {...{ above, setAbove, changes }} onPurged={() => router.push(paths.keys)} />
    </>
  );
}

interface PartProps {
  apiKey: Key;
  canManage: boolean;
  isAdmin: boolean;
  changes: KeyChanges;
}

function Actions({ apiKey: key, ...props }: PartProps & { openers: KeyDialogOpeners }) {
  const { canManage, isAdmin, changes, openers } = props;
  const t = useTranslations('keys');
  const requests = (
    <LinkButton href={links.requests({ keyId: key.id })} icon={<ArrowRightLeft aria-hidden />}>
      {t('showRequests')}
    </LinkButton>
  );
  if (!canManage) return requests;
  if (key.deletedAt !== null) {
    return (
      <>
        {requests}
        {isAdmin && (
          <Button variant="dangerGhost" icon={<Trash2 aria-hidden />} onClick={() => openers.onPurge(key)}>
            {t('purge.confirm')}
          </Button>
        )}
        <Button variant="primary" icon={<Undo2 aria-hidden />} onClick={() => void changes.restore(key)}>
          {t('restore')}
        </Button>
      </>
    );
  }
  return (
    <>
      {requests}
      <Button icon={<RefreshCw aria-hidden />} onClick={() => openers.onRotate(key)}>
        {t('rotate.action')}
      </Button>
      <Button variant="primary" icon={<Pencil aria-hidden />} onClick={() => openers.onEdit(key)}>
        {t('edit')}
      </Button>
      <Menu
        trigger={<IconButton label={t('menuOf', { name: key.name })} icon={<MoreHorizontal />} />}
        entries={[
          {
            type: 'item',
            label: t('renew.action'),
            icon: <CalendarPlus aria-hidden />,
            disabled: key.expiration === null,
            onSelect: () => openers.onRenew(key),
          },
          { type: 'separator' },
          {
            type: 'item',
            label: t('remove'),
            icon: <Trash2 aria-hidden />,
            danger: true,
            onSelect: () => void changes.remove([key]),
          },
        ]}
      />
    </>
  );
}

function Details({ apiKey: key, canManage, isAdmin, changes }: PartProps) {
  const t = useTranslations('keys');
  const isDeleted = key.deletedAt !== null;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_400px]">
      <div className="flex min-w-0 flex-col gap-3">
        {isDeleted && (
          <Alert tone="warn" title={t('facts.inTrash')}>
            <RelativeTime at={key.deletedAt} />
            {key.deletedBy !== null && ` · ${key.deletedBy}`}
          </Alert>
        )}
        <GraceNote apiKey={key} />
        <Charts apiKey={key} />
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        <Card title={t('view.about')}>
          {key.description !== '' && <p className="whitespace-pre-line text-sm">{key.description}</p>}
          {(key.tags.length > 0 || (canManage && !isDeleted)) && (
            <div className="flex flex-wrap items-center gap-1.5">
              {key.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
              {canManage && !isDeleted && (
                <label className="ml-auto flex items-center gap-2 text-sm">
                  {t('columns.enabled')}
                  <Switch
                    checked={key.enabled}
                    onChange={(enabled) => void changes.setEnabled(key, enabled)}
                  />
                </label>
              )}
            </div>
          )}
          <KeyDates apiKey={key} />
        </Card>
        <Card title={t('limits.title')}>
          <KeyLimits limits={key.limits} />
        </Card>
        <Card title={t('usage.title')}>
          <Suspense fallback={<Skeleton className="h-56 w-full" />}>
            <UsageTable usage={key.usage} />
          </Suspense>
        </Card>
        <Card title={t('rules.title')}>
          <KeyRules apiKey={key} />
        </Card>
        {isAdmin && (
          <Card title={t('view.history')}>
            <TargetHistory type="key" id={key.id} version={key.version} />
          </Card>
        )}
      </div>
    </div>
  );
}

function Charts({ apiKey: key }: { apiKey: Key }) {
  const t = useTranslations('keys');
  const search = useSearchParams();
  const range: Range = ranges.find((days) => days === search.get('days')) ?? '30';
  const days = Number(range);
  const { data, error, isFetching, refetch } = useKeyStats(key.id, days);
  const show = (next: Range) => {
    const params = new URLSearchParams(window.location.search);
    if (next === '30') params.delete('days');
    else params.set('days', next);
    window.history.pushState(null, '', `${window.location.pathname}?${params.toString()}`);
  };
  return (
    <>
      <SegmentedControl<Range>
        label={t('view.range')}
        value={range}
        options={ranges.map((value) => ({ value, label: t('view.lastDays', { count: Number(value) }) }))}
        onChange={show}
      />
      {data === undefined && error !== null && !isFetching ? (
        <ErrorState title={t('usage.failed')} error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-120 w-full" />
      ) : (
        <Suspense fallback={<Skeleton className="h-120 w-full" />}>
          <KeyCharts stats={data} days={days} />
        </Suspense>
      )}
    </>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col gap-3 rounded-card border border-line bg-surface px-4 py-3"
    >
      <h2 id={id} className="font-semibold text-sm">
        {title}
      </h2>
      {children}
    </section>
  );
}
