'use client';
// Owns pricing a past range again, step by step: which range, what it would change, how far it is; a chunk of its own.
import type { PricingAnswer, RepricePreview } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState } from '@/components/ui/states';
import { RepriceDifference, useSignedMoney } from './reprice-difference';
import { FORM_ID, initialRange, RepriceForm, type RepriceRange } from './reprice-form';
import { RepriceProgress } from './reprice-progress';
import { useRepriceActions, useRepriceRun } from './use-reprice';

export default function RepriceDialog({ pricing, onClose }: { pricing: PricingAnswer; onClose: () => void }) {
  const t = useTranslations('pricing.reprice');
  const common = useTranslations('common');
  const run = useRepriceRun();
  const { start, cancel } = useRepriceActions();
  const signed = useSignedMoney();
  const [range, setRange] = useState<RepriceRange>(initialRange);
  const [preview, setPreview] = useState<RepricePreview | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  /** The run that was begun here, or was under way: shown until another is wanted. */
  const [followed, setFollowed] = useState<number | null>(null);
  const current = run.data ?? null;
  const isFollowed = current !== null && (current.status === 'running' || current.number === followed);

  if (isFollowed) {
    return (
      <Frame
        onClose={onClose}
        footer={
          current.status === 'running' ? (
            <>
              <Button
                disabled={current.isCancelling}
                onClick={() => void cancel().catch(() => run.refetch())}
              >
                {t('cancelRun')}
              </Button>
              <Button variant="primary" onClick={onClose}>
                {t('goOnBehind')}
              </Button>
            </>
          ) : (
            <>
              <Button
                onClick={() => {
                  setFollowed(null);
                  setPreview(null);
                }}
              >
                {t('another')}
              </Button>
              <Button variant="primary" onClick={onClose}>
                {common('close')}
              </Button>
            </>
          )
        }
      >
        <RepriceProgress run={current} />
      </Frame>
    );
  }
  if (preview !== null) {
    const { totals } = preview;
    const difference = totals.newCostNanoUsd - totals.oldCostNanoUsd;
    return (
      <>
        <Frame
          onClose={onClose}
          footer={
            <>
              <Button onClick={() => setPreview(null)}>{t('back')}</Button>
              <Button variant="primary" disabled={totals.requests === 0} onClick={() => setAsking(true)}>
                {t('run')}
              </Button>
            </>
          }
        >
          <RepriceDifference preview={preview} from={range.from} />
        </Frame>
        <ConfirmDialog
          open={isAsking}
          onOpenChange={setAsking}
          danger={false}
          title={t('question', { count: totals.requests })}
          confirmLabel={t('confirm', { count: totals.requests })}
          onConfirm={async () => setFollowed((await start(preview.fingerprint)).number)}
        >
          <p>
            {t('consequence', {
              difference: signed(difference),
              charged: signed(totals.newChargedNanoUsd - totals.oldChargedNanoUsd),
            })}
          </p>
          <p className="mt-2 text-muted">{t('kept')}</p>
        </ConfirmDialog>
      </>
    );
  }
  return (
    <Frame
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            type="submit"
            form={FORM_ID}
            variant="primary"
            busy={isBusy}
            disabled={run.data === undefined}
          >
            {t('preview')}
          </Button>
        </>
      }
    >
      {run.error !== null && run.data === undefined ? (
        <ErrorState title={t('loadFailed')} error={run.error} onRetry={() => void run.refetch()} />
      ) : (
        <RepriceForm
          pricing={pricing}
          range={range}
          onChange={setRange}
          onBusy={setBusy}
          onPreview={setPreview}
        />
      )}
    </Frame>
  );
}

function Frame({
  footer,
  onClose,
  children,
}: {
  footer: React.ReactNode;
  onClose: () => void;
  children: React.ReactNode;
}) {
  const t = useTranslations('pricing.reprice');
  return (
    <Dialog
      open
      size="xl"
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('description')}
      footer={footer}
    >
      {children}
    </Dialog>
  );
}
