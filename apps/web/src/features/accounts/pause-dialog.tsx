'use client';
// Owns the pause of one or many accounts: until when; and its end before that. A chunk of its own.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { serverNow } from '@/lib/server-clock';
import { useFormat } from '@/lib/use-format';
import { isPaused } from './account-figures';

interface PauseDialogProps {
  accounts: readonly Account[];
  onClose: () => void;
  /** Null: they serve again at once. */
  onPause: (until: string | null) => Promise<void>;
}

const HOUR_MS = 3_600_000;
const spans = ['1', '4', '24', 'other'] as const;
type Span = (typeof spans)[number];

export default function PauseDialog({ accounts, onClose, onPause }: PauseDialogProps) {
  const t = useTranslations('accounts.pause');
  const common = useTranslations('common');
  const format = useFormat();
  const [span, setSpan] = useState<Span>('1');
  const [moment, setMoment] = useState('');
  const [openedAtMs] = useState(serverNow);
  const [busy, setBusy] = useState(false);
  const until = span === 'other' ? moment : new Date(openedAtMs + Number(span) * HOUR_MS).toISOString();
  const isAhead = until !== '' && Date.parse(until) > openedAtMs;
  const paused = accounts.filter((account) => isPaused(account, openedAtMs));

  async function send(pausedUntil: string | null) {
    setBusy(true);
    await onPause(pausedUntil);
    setBusy(false);
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { count: accounts.length, name: accounts[0]?.name ?? '' })}
      footer={
        <>
          {paused.length > 0 && (
            <Button disabled={busy} onClick={() => void send(null)} className="mr-auto">
              {t('resume')}
            </Button>
          )}
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={!isAhead} onClick={() => void send(until)}>
            {t('action')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-sm text-text-soft">{t('help')}</p>
        <SegmentedControl<Span>
          label={t('howLong')}
          value={span}
          options={spans.map((value) => ({
            value,
            label: value === 'other' ? t('untilTime') : t('hours', { count: Number(value) }),
          }))}
          onChange={setSpan}
        />
        {span === 'other' && (
          <Field label={t('until')} help={t('untilHelp')}>
            {(control) => (
              <DateTimeInput {...control} value={moment} onChange={setMoment} className="max-w-60" />
            )}
          </Field>
        )}
        {isAhead && (
          <p aria-live="polite" className="text-sm">
            {t('resumesAt', { time: format.dateTime(until) })}
          </p>
        )}
      </div>
    </Dialog>
  );
}
