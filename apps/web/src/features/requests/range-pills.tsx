'use client';
// Owns the filters by a range of numbers: what a request cost, and how long it took.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FilterPill } from '@/components/filters/filter-pill';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { ListStateControl } from '@/lib/use-list-state';
import { msPattern, type requestFilters, usdPattern } from './list-definition';

interface PillProps {
  list: ListStateControl<typeof requestFilters>;
}

export function CostPill({ list }: PillProps) {
  const t = useTranslations('requests');
  const { minCostUsd: min, maxCostUsd: max } = list.state.filters;
  return (
    <FilterPill
      label={t('columns.cost')}
      value={words(min, max, (usd) => `$${usd}`)}
      onClear={() => list.setFilters({ minCostUsd: '', maxCostUsd: '' })}
    >
      {(close) => (
        <RangeForm
          min={min}
          max={max}
          unit="USD"
          pattern={usdPattern}
          onApply={(minCostUsd, maxCostUsd) => {
            list.setFilters({ minCostUsd, maxCostUsd });
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

export function DurationPill({ list }: PillProps) {
  const t = useTranslations('requests');
  const { minDurationMs: min, maxDurationMs: max } = list.state.filters;
  return (
    <FilterPill
      label={t('columns.duration')}
      value={words(min, max, (ms) => `${ms} ms`)}
      onClear={() => list.setFilters({ minDurationMs: '', maxDurationMs: '' })}
    >
      {(close) => (
        <RangeForm
          min={min}
          max={max}
          unit="ms"
          pattern={msPattern}
          onApply={(minDurationMs, maxDurationMs) => {
            list.setFilters({ minDurationMs, maxDurationMs });
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function words(min: string, max: string, format: (value: string) => string): string | null {
  if (min === '' && max === '') return null;
  if (max === '') return `≥ ${format(min)}`;
  return min === '' ? `≤ ${format(max)}` : `${format(min)} – ${format(max)}`;
}

interface RangeFormProps {
  min: string;
  max: string;
  unit: string;
  pattern: RegExp;
  onApply: (min: string, max: string) => void;
}

function RangeForm({ min, max, unit, pattern, onApply }: RangeFormProps) {
  const t = useTranslations('requests.filter');
  const [from, setFrom] = useState(min);
  const [to, setTo] = useState(max);
  const wrong = (text: string) => (text === '' || pattern.test(text) ? undefined : t('notANumber'));
  const upsideDown =
    wrong(from) === undefined &&
    wrong(to) === undefined &&
    from !== '' &&
    to !== '' &&
    Number(from) > Number(to);
  const isUsable = wrong(from) === undefined && wrong(to) === undefined && !upsideDown;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) onApply(from, to);
      }}
    >
      <Field label={t('atLeast', { unit })} optional error={wrong(from)}>
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            value={from}
            onChange={(event) => setFrom(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label={t('atMost', { unit })} optional error={upsideDown ? t('lessThanLeast') : wrong(to)}>
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            value={to}
            onChange={(event) => setTo(event.target.value.trim())}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="sm" disabled={!isUsable} className="mt-1">
        {t('applyRange')}
      </Button>
    </form>
  );
}
