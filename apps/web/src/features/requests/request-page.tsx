'use client';
// Owns the page of one request: what the panel shows, with an address of its own to be sent to a colleague.
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { LinkButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { useOpenId } from '@/lib/use-open-id';
import { useRequest } from './request-queries';
import { StatusCell } from './status-cell';

const RequestDetails = lazy(async () => ({ default: (await import('./request-details')).RequestDetails }));

export function RequestPage() {
  const t = useTranslations('requests');
  const { id } = useOpenId();
  const back = (
    <LinkButton href={paths.requests} icon={<ArrowLeft aria-hidden />}>
      {t('allRequests')}
    </LinkButton>
  );
  return (
    <>
      <PageHeader title={t('details')} actions={back} />
      {id === null ? (
        <EmptyState title={t('noId')} action={back}>
          {t('noIdHelp')}
        </EmptyState>
      ) : (
        <One id={id} />
      )}
    </>
  );
}

function One({ id }: { id: string }) {
  const t = useTranslations('requests');
  const { data, error, refetch } = useRequest(id);
  const waiting = <Skeleton className="h-96 w-full" />;
  return (
    <div className="max-w-4xl">
      <p className="mb-4 flex flex-wrap items-center gap-x-2">
        {data !== undefined && <StatusCell status={data.status} outcome={data.outcome} />}
        <code className="break-all font-mono text-xs">{id}</code>
        <CopyButton text={id} label={t('copyId')} />
      </p>
      {data !== undefined && (
        <Suspense fallback={waiting}>
          <RequestDetails request={data} />
        </Suspense>
      )}
      {data === undefined && error !== null && (
        <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && waiting}
    </div>
  );
}
