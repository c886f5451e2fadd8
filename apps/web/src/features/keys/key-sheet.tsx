'use client';
// Owns the details of one key beside the list: state, limits, figures, rules, and the way to its requests.
import type { Key } from '@crs/shared';
import { ArrowRightLeft, ChartColumn, Pencil, Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Switch } from '@/components/ui/checkbox';
import { Sheet } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { links } from '@/lib/paths';
import { ChangeFailureAlert } from './change-failure';
import { GraceNote, KeyDates, KeyLimits, KeyRules } from './key-facts';
import type { KeyDialogOpeners } from './key-dialogs';
import { KeyStatusText } from './key-status';
import { UsageTable, UsageTrend } from './key-usage';
import type { KeyChanges } from './use-key-changes';
import { useKey } from './use-keys';

interface KeySheetProps {
  id: string;
  canManage: boolean;
  canPurge: boolean;
  changes: KeyChanges;
  openers: KeyDialogOpeners;
  onClose: () => void;
}

export default function KeySheet(props: KeySheetProps) {
  const { id, onClose, changes } = props;
  const t = useTranslations('keys');
  const { data: key, error, isFetching, refetch } = useKey(id);

  let content: ReactNode;
  if (key !== undefined) content = <Details apiKey={key} {...props} />;
  else if (error !== null && !isFetching) {
    content = <ErrorState title={t('oneFailed')} error={error} onRetry={() => void refetch()} />;
  } else content = <Skeleton className="h-80 w-full" />;

  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={key?.name ?? t('loading')}
      aside={key !== undefined && <KeyStatusText status={key.status} />}
      footer={key !== undefined && <Actions apiKey={key} {...props} />}
    >
      <ChangeFailureAlert changes={changes} />
      {content}
    </Sheet>
  );
}

function Actions({ apiKey: key, ...props }: KeySheetProps & { apiKey: Key }) {
  const { canManage, canPurge, changes, openers, onClose } = props;
  const t = useTranslations('keys');
  const requests = (
    <LinkButton href={links.requests({ keyId: key.id })} icon={<ArrowRightLeft aria-hidden />}>
      {t('showRequests')}
    </LinkButton>
  );
  const statistics = (
    <LinkButton href={links.keyView(key.id)} icon={<ChartColumn aria-hidden />}>
      {t('showStatistics')}
    </LinkButton>
  );
  if (!canManage) {
    return (
      <>
        {requests}
        {statistics}
      </>
    );
  }
  if (key.deletedAt !== null) {
    return (
      <>
        {canPurge && (
          <Button
            variant="dangerGhost"
            icon={<Trash2 aria-hidden />}
            onClick={() => openers.onPurge(key)}
            className="sm:mr-auto"
          >
            {t('purge.confirm')}
          </Button>
        )}
        {requests}
        <Button
          variant="primary"
          icon={<Undo2 aria-hidden />}
          onClick={() => {
            onClose();
            void changes.restore(key);
          }}
        >
          {t('restore')}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button
        variant="dangerGhost"
        icon={<Trash2 aria-hidden />}
        onClick={() => {
          onClose();
          void changes.remove([key]);
        }}
        className="sm:mr-auto"
      >
        {t('remove')}
      </Button>
      {requests}
      {statistics}
      <Button variant="primary" icon={<Pencil aria-hidden />} onClick={() => openers.onEdit(key)}>
        {t('edit')}
      </Button>
    </>
  );
}

function Details({ apiKey: key, canManage, changes }: KeySheetProps & { apiKey: Key }) {
  const t = useTranslations('keys');
  const isDeleted = key.deletedAt !== null;
  return (
    <div className="flex flex-col gap-6">
      {isDeleted && (
        <Alert tone="warn" title={t('facts.inTrash')}>
          <RelativeTime at={key.deletedAt} />
          {key.deletedBy !== null && ` · ${key.deletedBy}`}
        </Alert>
      )}
      {(key.description !== '' || key.tags.length > 0 || (canManage && !isDeleted)) && (
        <div className="flex flex-col gap-2">
          {key.description !== '' && <p className="whitespace-pre-line text-sm">{key.description}</p>}
          <div className="flex flex-wrap items-center gap-1.5">
            {key.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
            {canManage && !isDeleted && (
              <label className="ml-auto flex items-center gap-2 text-sm">
                {t('columns.enabled')}
                <Switch checked={key.enabled} onChange={(enabled) => void changes.setEnabled(key, enabled)} />
              </label>
            )}
          </div>
        </div>
      )}
      <GraceNote apiKey={key} />
      <KeyDates apiKey={key} />
      <Part title={t('limits.title')}>
        <KeyLimits limits={key.limits} />
      </Part>
      <Part title={t('usage.title')}>
        <UsageTable usage={key.usage} />
        <UsageTrend apiKey={key} />
      </Part>
      <Part title={t('rules.title')}>
        <KeyRules apiKey={key} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <h3 className="font-semibold text-base">{title}</h3>
      {children}
    </section>
  );
}
