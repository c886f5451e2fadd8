'use client';
// Owns the details of one request beside the list; a chunk of its own.
import { Maximize2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Sheet } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { links } from '@/lib/paths';
import { RequestDetails } from './request-details';
import { useRequest } from './request-queries';
import { StatusCell } from './status-cell';

interface RequestSheetProps {
  id: string;
  onClose: () => void;
}

export default function RequestSheet({ id, onClose }: RequestSheetProps) {
  const t = useTranslations('requests');
  const { data, error, refetch } = useRequest(id);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('details')}
      {...(data !== undefined && { aside: <StatusCell status={data.status} outcome={data.outcome} /> })}
      description={
        <span className="flex max-w-full flex-wrap items-center gap-x-1">
          <code className="break-all font-mono text-xs">{id}</code>
          <CopyButton text={id} label={t('copyId')} />
          <LinkButton href={links.request(id)} variant="ghost" size="sm" icon={<Maximize2 aria-hidden />}>
            {t('openPage')}
          </LinkButton>
        </span>
      }
    >
      {data !== undefined && <RequestDetails request={data} />}
      {data === undefined && error !== null && (
        <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && <Skeleton className="h-80 w-full" />}
    </Sheet>
  );
}
