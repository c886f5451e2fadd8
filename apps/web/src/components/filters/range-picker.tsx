'use client';
// Owns the choice of the period: lengths in sight, months and two moments behind a button.
import { CalendarRange } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type SyntheticEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Field } from '@/components/ui/field';
import { Popover } from '@/components/ui/popover';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { serverNow } from '@/lib/server-clock';
import { type RangeName, rangeBounds, rangeNames, type TimeRange } from '@/lib/time-range';
import { useFormat } from '@/lib/use-format';

interface RangePickerProps {
  range: TimeRange;
  /** Those in sight; the others stand behind the button. */
  lengths: readonly RangeName[];
  /** Zone in which months begin. */
  timeZone: string;
  onChange: (range: TimeRange) => void;
}

export function RangePicker({ range, lengths, timeZone, onChange }: RangePickerProps) {
  const t = useTranslations('common.range');
  const format = useFormat();
  const isElsewhere = range.name === 'custom' || !lengths.includes(range.name);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SegmentedControl<TimeRange['name']>
        label={t('label')}
        value={range.name}
        options={lengths.map((value) => ({ value, label: t(`lengths.${value}`) }))}
        onChange={(name) => name !== 'custom' && onChange({ name })}
      />
      <Popover
        title={t('custom')}
        trigger={
          <Button
            icon={<CalendarRange />}
            className={isElsewhere ? 'border-accent! text-accent-text!' : 'text-muted!'}
          >
            {range.name === 'custom' ? (
              `${format.dateTime(range.from)} – ${format.dateTime(range.to)}`
            ) : isElsewhere ? (
              t(`lengths.${range.name}`)
            ) : (
              <span className="max-sm:sr-only">{t('custom')}</span>
            )}
          </Button>
        }
      >
        {(close) => {
          const choose = (next: TimeRange) => {
            onChange(next);
            close();
          };
          return (
            <div className="flex flex-col gap-3">
              <div className="grid grid-cols-2 gap-1.5 border-line border-b pb-3">
                {rangeNames
                  .filter((name) => !lengths.includes(name))
                  .map((name) => (
                    <Button
                      key={name}
                      size="sm"
                      aria-pressed={range.name === name}
                      className={range.name === name ? 'border-accent! text-accent-text!' : undefined}
                      onClick={() => choose({ name })}
                    >
                      {t(`lengths.${name}`)}
                    </Button>
                  ))}
              </div>
              <CustomRange range={range} timeZone={timeZone} onChoose={choose} />
            </div>
          );
        }}
      </Popover>
    </div>
  );
}

interface CustomRangeProps {
  range: TimeRange;
  timeZone: string;
  onChoose: (range: TimeRange) => void;
}

function CustomRange({ range, timeZone, onChoose }: CustomRangeProps) {
  const t = useTranslations('common.range');
  const [{ from, to }, setBounds] = useState(() => rangeBounds(range, serverNow(), timeZone));
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
