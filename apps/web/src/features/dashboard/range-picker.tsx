'use client';
// Owns the choice of the period: three lengths in sight, a custom one behind a button.
import { CalendarRange } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type SyntheticEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Field } from '@/components/ui/field';
import { Popover } from '@/components/ui/popover';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { serverNow } from '@/lib/server-clock';
import { useFormat } from '@/lib/use-format';
import { type DashboardRange, rangeBounds, rangeLengths } from './range';

interface RangePickerProps {
  range: DashboardRange;
  onChange: (range: DashboardRange) => void;
}

export function RangePicker({ range, onChange }: RangePickerProps) {
  const t = useTranslations('dashboard.range');
  const format = useFormat();
  const isCustom = range.name === 'custom';
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SegmentedControl<DashboardRange['name']>
        label={t('label')}
        value={range.name}
        options={rangeLengths.map((value) => ({ value, label: t(`lengths.${value}`) }))}
        onChange={(name) => name !== 'custom' && onChange({ name })}
      />
      <Popover
        title={t('custom')}
        trigger={
          <Button
            icon={<CalendarRange />}
            className={isCustom ? 'border-accent! text-accent-text!' : 'text-muted!'}
          >
            {isCustom ? (
              `${format.dateTime(range.from)} – ${format.dateTime(range.to)}`
            ) : (
              <span className="max-sm:sr-only">{t('custom')}</span>
            )}
          </Button>
        }
      >
        {(close) => (
          <CustomRange
            range={range}
            onChoose={(next) => {
              onChange(next);
              close();
            }}
          />
        )}
      </Popover>
    </div>
  );
}

interface CustomRangeProps {
  range: DashboardRange;
  onChoose: (range: DashboardRange) => void;
}

function CustomRange({ range, onChoose }: CustomRangeProps) {
  const t = useTranslations('dashboard.range');
  const [{ from, to }, setBounds] = useState(() => rangeBounds(range, serverNow()));
  const [checked, setChecked] = useState(false);
  const problem = from === '' || to === '' ? t('incomplete') : from >= to ? t('order') : undefined;

  function choose(event: SyntheticEvent) {
    event.preventDefault();
    setChecked(true);
    if (problem === undefined) onChoose({ name: 'custom', from, to });
  }

  return (
    <form noValidate className="flex flex-col gap-3" onSubmit={choose}>
      <Field label={t('from')}>
        {(control) => (
          <DateTimeInput {...control} value={from} onChange={(next) => setBounds({ from: next, to })} />
        )}
      </Field>
      <Field label={t('to')} help={t('zoneHelp')} error={checked ? problem : undefined}>
        {(control) => (
          <DateTimeInput {...control} value={to} onChange={(next) => setBounds({ from, to: next })} />
        )}
      </Field>
      <Button type="submit" variant="primary">
        {t('apply')}
      </Button>
    </form>
  );
}
