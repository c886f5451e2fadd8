'use client';
// Owns the buttons of a change of many once it is filled in: back or make it, then try the refused ones again.
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import type { BatchChange } from './use-batch-change';

interface BatchFooterProps {
  change: BatchChange;
  /** `Change 12 keys` */
  applyLabel: (count: number) => string;
  onClose: () => void;
}

export function BatchFooter({ change, applyLabel, onClose }: BatchFooterProps) {
  const t = useTranslations('common');
  const { step, result, busy, back, apply, retry } = change;
  const count = result?.changed ?? 0;
  if (step === 'check') {
    return (
      <>
        <Button disabled={busy} onClick={back}>
          {t('batch.back')}
        </Button>
        <Button variant="primary" busy={busy} disabled={count === 0} onClick={apply}>
          {applyLabel(count)}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button busy={busy} onClick={retry}>
        {t('batch.retry')}
      </Button>
      <Button variant="primary" onClick={onClose}>
        {t('close')}
      </Button>
    </>
  );
}
