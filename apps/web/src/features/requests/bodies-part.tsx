'use client';
// Owns the kept bodies of a request: what was asked and what was answered, and the way to delete them. A chunk of its own.
import type { RequestBodies } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { callApi } from '@/lib/api';
import { useFormat } from '@/lib/use-format';
import { readable } from './readable-body';
import { useRequestBodies } from './request-queries';

const scrolls = { tabIndex: 0, role: 'region' } as const;

const ConfirmDialog = lazy(async () => ({
  default: (await import('@/components/ui/confirm-dialog')).ConfirmDialog,
}));

interface BodiesPartProps {
  id: string;
  onGone: () => void;
}

export default function BodiesPart({ id, onGone }: BodiesPartProps) {
  const t = useTranslations('requests.bodies');
  const queryClient = useQueryClient();
  const { data, error, refetch } = useRequestBodies(id);
  const [asks, setAsks] = useState(false);
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-40 w-full" />
    ) : (
      <ErrorState title={t('failed')} error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Body title={t('request')} copyLabel={t('copyRequest')} body={data.request} />
      <Body title={t('response')} copyLabel={t('copyResponse')} body={data.response} />
      <div>
        <Button variant="dangerGhost" icon={<Trash2 aria-hidden />} onClick={() => setAsks(true)}>
          {t('delete')}
        </Button>
      </div>
      {asks && (
        <Suspense>
          <ConfirmDialog
            open
            onOpenChange={setAsks}
            title={t('deleteTitle')}
            confirmLabel={t('delete')}
            onConfirm={async () => {
              await callApi((client) => client.requests.deleteBodies({ params: { id } }));
              await queryClient.invalidateQueries({ queryKey: ['requests', 'one', id] });
              onGone();
            }}
          >
            {t('deleteHelp')}
          </ConfirmDialog>
        </Suspense>
      )}
    </div>
  );
}

interface BodyProps {
  title: string;
  copyLabel: string;
  body: RequestBodies['request'];
}

function Body({ title, copyLabel, body }: BodyProps) {
  const t = useTranslations('requests.bodies');
  const format = useFormat();
  return (
    <div className="min-w-0">
      <h4 className="mb-1 flex flex-wrap items-baseline gap-x-2 font-medium text-sm">
        {title}
        {body !== null && (
          <span className="font-normal text-muted text-xs">
            {t('bytes', { bytes: format.count(body.bytes) })}
            {body.isCut && ` · ${t('cut')}`}
          </span>
        )}
      </h4>
      {body === null ? (
        <p className="text-muted text-sm">{t('notKept')}</p>
      ) : body.text === '' ? (
        <p className="text-muted text-sm">{t('empty')}</p>
      ) : (
        // It scrolls, and must do so by keyboard too.
        <div {...scrolls} aria-label={title} className="max-h-96 overflow-y-auto rounded-control">
          <CodeBlock code={readable(body.text)} label={title} copyLabel={copyLabel} />
        </div>
      )}
    </div>
  );
}
