'use client';
// Owns the first step of pricing again: which range, which models, by which prices.
import {
  type PricingAnswer,
  type RepricePreview,
  type RepricePreviewInput,
  type RepricePrices,
  repricePrices,
} from '@crs/shared';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Field } from '@/components/ui/field';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { TagInput } from '@/components/ui/tag-input';
import { useErrorText } from '@/lib/errors';
import { previewReprice } from './use-reprice';

export const FORM_ID = 'reprice-form';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DEFAULT_DAYS = 7;

export interface RepriceRange {
  /** ISO times; empty for none. */
  from: string;
  to: string;
  prices: RepricePrices;
  models: string[];
}

/** The last days, to the next full minute: what has just ended is in it. */
export function initialRange(): RepriceRange {
  const end = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  const [from, to] = [end - DEFAULT_DAYS * DAY_MS, end].map((ms) => new Date(ms).toISOString());
  return { from: from ?? '', to: to ?? '', prices: 'current', models: [] };
}

interface RepriceFormProps {
  pricing: PricingAnswer;
  range: RepriceRange;
  onChange: (range: RepriceRange) => void;
  onBusy: (isBusy: boolean) => void;
  onPreview: (preview: RepricePreview) => void;
}

export function RepriceForm({ pricing, range, onChange, onBusy, onPreview }: RepriceFormProps) {
  const t = useTranslations('pricing.reprice');
  const errorText = useErrorText();
  const [failure, setFailure] = useState<unknown>(null);
  const [isTried, setTried] = useState(false);
  const isEmpty = range.from === '' || range.to === '' || range.from >= range.to;
  const known = [
    ...pricing.unknownModels.map(({ model }) => model),
    ...new Set(pricing.models.map(({ id }) => id)),
  ];

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (isEmpty) return;
    onBusy(true);
    setFailure(null);
    const { models, ...rest } = range;
    const body: RepricePreviewInput = models.length === 0 ? rest : { ...rest, models };
    try {
      onPreview(await previewReprice(body));
    } catch (error) {
      setFailure(error);
    } finally {
      onBusy(false);
    }
  }

  const text = failure === null ? null : errorText(failure);
  return (
    <form id={FORM_ID} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {text !== null && (
        <Alert tone="bad">
          <p>{text.message}</p>
          {text.detail !== null && text.detail !== text.message && (
            <p lang="en" className="mt-0.5 text-xs">
              {text.detail}
            </p>
          )}
        </Alert>
      )}
      <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <Field label={t('from')} required>
          {(control) => (
            <DateTimeInput
              {...control}
              value={range.from}
              onChange={(from) => onChange({ ...range, from })}
            />
          )}
        </Field>
        <Field label={t('to')} required error={isTried && isEmpty ? t('emptyRange') : undefined}>
          {(control) => (
            <DateTimeInput {...control} value={range.to} onChange={(to) => onChange({ ...range, to })} />
          )}
        </Field>
      </div>
      <Field label={t('models')} optional help={t('modelsHelp')}>
        {(control) => (
          <TagInput
            {...control}
            value={range.models}
            suggestions={known}
            onChange={(models) => onChange({ ...range, models })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-2">
        <p className="font-medium text-sm">{t('by')}</p>
        <SegmentedControl
          label={t('by')}
          value={range.prices}
          options={repricePrices.map((value) => ({ value, label: t(`prices.${value}`) }))}
          onChange={(prices) => onChange({ ...range, prices })}
        />
        <p className="min-h-10 text-muted text-xs sm:min-h-5">{t(`pricesHelp.${range.prices}`)}</p>
      </div>
    </form>
  );
}
