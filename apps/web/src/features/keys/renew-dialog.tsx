'use client';
// Owns letting keys end later: by some days from their end on, or at a moment; one key or the selected ones.
import type { Key, BatchResult } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { BatchOutcomes } from '@/components/batch/batch-outcomes';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { keysCache, writeKey } from './key-cache';
import { isAmount } from './limit-values';
import { useBatchWords } from './use-batch-words';

interface RenewDialogProps {
  keys: readonly Key[];
  onClose: () => void;
}

const modes = ['days', 'at'] as const;
const presetDays = [7, 30, 90, 365] as const;
const DAY_MS = 24 * 3_600_000;
const MAX_DAYS = 36_500;

type Renewal = { days: number } | { at: string };

export default function RenewDialog({ keys, onClose }: RenewDialogProps) {
  const t = useTranslations('keys.renew');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const errorText = useErrorText();
  const words = useBatchWords();
  const [mode, setMode] = useState<(typeof modes)[number]>('days');
  const [days, setDays] = useState('30');
  const [at, setAt] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [result, setResult] = useState<BatchResult | null>(null);
  const isValid = mode === 'at' ? at !== '' : isAmount(days) && Number(days) <= MAX_DAYS;
  const renewal: Renewal = mode === 'at' ? { at } : { days: Number(days) };
  const [only] = keys.length === 1 ? keys : [];

  async function renew() {
    setBusy(true);
    setError(null);
    try {
      if (only !== undefined) {
        const renewed = await callApi((client) =>
          client.keys.renew({ params: { id: only.id }, body: renewal }),
        );
        writeKey(queries, renewed);
        notify.success(t('done', { name: only.name }));
      } else {
        const ids = keys.map(({ id }) => id);
        const answer = await callApi((client) => client.keys.updateMany({ body: { ids, renew: renewal } }));
        if (answer.failed > 0) setResult(answer);
        else notify.success(t('doneMany', { count: answer.changed }));
        if (answer.failed === 0) onClose();
      }
      await queries.invalidateQueries({ queryKey: keysCache });
      if (only !== undefined) onClose();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={only === undefined ? t('titleMany', { count: keys.length }) : t('title', { name: only.name })}
      footer={
        result === null ? (
          <>
            <Button onClick={onClose} disabled={busy}>
              {common('cancel')}
            </Button>
            <Button variant="primary" busy={busy} disabled={!isValid} onClick={() => void renew()}>
              {t('confirm')}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {common('close')}
          </Button>
        )
      }
    >
      {result === null ? (
        <div className="flex flex-col gap-4">
          {error !== null && <Alert tone="bad">{errorText(error).message}</Alert>}
          <SegmentedControl
            label={t('how')}
            value={mode}
            options={modes.map((value) => ({ value, label: t(`modes.${value}`) }))}
            onChange={setMode}
          />
          {mode === 'days' ? (
            <Field label={t('days')} help={t('daysHelp')}>
              {(control) => (
                <div className="flex flex-wrap items-center gap-1.5">
                  <Input
                    {...control}
                    inputMode="numeric"
                    value={days}
                    onChange={(event) => setDays(event.target.value)}
                    className="w-24!"
                  />
                  {presetDays.map((count) => (
                    <Button key={count} size="sm" onClick={() => setDays(String(count))}>
                      {t('plusDays', { count })}
                    </Button>
                  ))}
                </div>
              )}
            </Field>
          ) : (
            <Field label={t('at')} help={t('atHelp')}>
              {(control) => <DateTimeInput {...control} value={at} onChange={setAt} className="w-56!" />}
            </Field>
          )}
          {only !== undefined && isValid && <Change apiKey={only} renewal={renewal} />}
        </div>
      ) : (
        <BatchOutcomes result={result} words={words} />
      )}
    </Dialog>
  );
}

/** From when to when; of a key that waits for its first use its life grows. */
function Change({ apiKey: key, renewal }: { apiKey: Key; renewal: Renewal }) {
  const t = useTranslations('keys.renew');
  const format = useFormat();
  const now = useNow(60_000);
  const { expiresAt } = key;
  if (!('at' in renewal) && expiresAt === null) {
    return (
      <p className="text-muted text-sm">
        {key.expiration === null ? t('never') : t('longerLife', { count: renewal.days })}
      </p>
    );
  }
  const next =
    'at' in renewal
      ? renewal.at
      : new Date(Math.max(expiresAt === null ? now : Date.parse(expiresAt), now) + renewal.days * DAY_MS);
  const before = expiresAt === null ? t('noEnd') : format.exactTime(expiresAt);
  return (
    <p className="rounded-control border border-line bg-sunken px-3 py-2 text-sm">
      <span className="text-muted">{before}</span>
      {' → '}
      <span className="font-medium">{format.exactTime(new Date(next).toISOString())}</span>
    </p>
  );
}
