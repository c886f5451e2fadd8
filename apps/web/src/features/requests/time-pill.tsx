'use client';
// Owns the filter by time: a range that ends now, or two moments.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FilterPill } from '@/components/filters/filter-pill';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Field } from '@/components/ui/field';
import { useFormat } from '@/lib/use-format';
import type { ListStateControl } from '@/lib/use-list-state';
import { rangeNames, type requestFilters } from './list-definition';

interface TimePillProps {
  list: ListStateControl<typeof requestFilters>;
}

export function TimePill({ list }: TimePillProps) {
  const t = useTranslations('requests');
  const format = useFormat();
  const { range, from, to } = list.state.filters;
  const moment = (iso: string) => (Number.isNaN(Date.parse(iso)) ? '…' : format.dateTime(iso));
  const custom = from === '' && to === '' ? null : `${moment(from)} – ${moment(to)}`;
  return (
    <FilterPill
      label={t('columns.time')}
      value={custom ?? (range === '' ? null : t(`range.${range}`))}
      onClear={() => list.setFilters({ range: '', from: '', to: '' })}
    >
      {(close) => <TimePicker list={list} onDone={close} />}
    </FilterPill>
  );
}

function TimePicker({ list, onDone }: TimePillProps & { onDone: () => void }) {
  const t = useTranslations('requests');
  const present = list.state.filters;
  const [from, setFrom] = useState(present.from);
  const [to, setTo] = useState(present.to);
  const upsideDown = from !== '' && to !== '' && Date.parse(from) >= Date.parse(to);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-1.5">
        {rangeNames.map((name) => (
          <Button
            key={name}
            size="sm"
            aria-pressed={present.range === name}
            className={present.range === name ? 'border-accent! text-accent-text!' : undefined}
            onClick={() => {
              list.setFilters({ range: name, from: '', to: '' });
              onDone();
            }}
          >
            {t(`range.${name}`)}
          </Button>
        ))}
      </div>
      <form
        className="flex flex-col gap-2 border-line border-t pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          list.setFilters({ range: '', from, to });
          onDone();
        }}
      >
        <Field label={t('filter.from')} optional>
          {(control) => <DateTimeInput {...control} value={from} onChange={setFrom} />}
        </Field>
        <Field label={t('filter.to')} optional error={upsideDown ? t('filter.upsideDown') : undefined}>
          {(control) => <DateTimeInput {...control} value={to} onChange={setTo} />}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="sm"
          disabled={upsideDown || (from === '' && to === '')}
          className="mt-1"
        >
          {t('filter.apply')}
        </Button>
      </form>
    </div>
  );
}
