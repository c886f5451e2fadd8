'use client';
// Owns the weekly hours in which an account serves: spans of days and times.
import { type ServiceHours, type Weekday, weekdays } from '@crs/shared';
import { clsx } from 'clsx';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import type { FieldControl } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useSession } from '@/lib/session';
import { useHoursWords } from './use-hours-words';

interface HoursEditorProps {
  control: FieldControl;
  value: ServiceHours;
  onChange: (value: ServiceHours) => void;
}

type Span = ServiceHours[number];

const officeHours: Span = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' };

export function HoursEditor({ control, value, onChange }: HoursEditorProps) {
  const t = useTranslations('accounts.hours');
  const words = useHoursWords();
  const zone = useSession().data?.server.timezone ?? 'UTC';
  const { id, 'aria-describedby': describedBy } = control;
  const change = (index: number, patch: Partial<Span>) =>
    onChange(value.map((span, at) => (at === index ? { ...span, ...patch } : span)));
  return (
    <div id={id} role="group" aria-describedby={describedBy} className="flex flex-col gap-2">
      {value.map((span, index) => (
        <div
          // Spans have no names; they are only added at the end.
          key={`${index + 1}`}
          role="group"
          aria-label={words.span(span)}
          className="flex flex-col gap-2 rounded-control border border-line px-2.5 py-2"
        >
          <span className="flex items-center justify-between gap-2">
            <Days span={span} onChange={(days) => change(index, { days })} />
            <IconButton
              label={t('remove', { span: words.span(span) })}
              size="iconSmall"
              icon={<X />}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          </span>
          <span className="flex items-center gap-1.5">
            <Input
              type="time"
              aria-label={t('from')}
              value={span.from}
              onChange={(event) => event.target.value !== '' && change(index, { from: event.target.value })}
              className="w-34!"
            />
            {'–'}
            <Input
              type="time"
              aria-label={t('to')}
              // The end of the day is its midnight, for which the browser's field has no other word.
              value={span.to === '24:00' ? '00:00' : span.to}
              onChange={({ target }) =>
                target.value !== '' &&
                change(index, { to: target.value === '00:00' ? '24:00' : target.value })
              }
              className="w-34!"
            />
          </span>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button size="sm" icon={<Plus aria-hidden />} onClick={() => onChange([...value, officeHours])}>
          {t('add')}
        </Button>
        <span className="text-muted text-xs">{value.length === 0 ? t('always') : t('zone', { zone })}</span>
      </div>
    </div>
  );
}

function Days({ span, onChange }: { span: Span; onChange: (days: Weekday[]) => void }) {
  const t = useTranslations('accounts.hours');
  const isOnly = span.days.length === 1;
  return (
    <span className="flex flex-wrap gap-1">
      {weekdays.map((day) => {
        const isChosen = span.days.includes(day);
        return (
          <label
            key={day}
            className={clsx(
              'relative grid h-7 min-w-8 cursor-pointer place-items-center rounded-[4px] border px-1.5 text-xs max-sm:h-10',
              'has-focus-visible:outline-2 has-focus-visible:outline-accent',
              isChosen
                ? 'border-accent bg-accent-soft font-medium text-accent-text'
                : 'border-line-strong text-muted hover:text-text',
            )}
          >
            <input
              type="checkbox"
              checked={isChosen}
              aria-label={t(`long.${day}`)}
              disabled={isChosen && isOnly}
              onChange={() =>
                onChange(weekdays.filter((other) => (other === day ? !isChosen : span.days.includes(other))))
              }
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span aria-hidden>{t(`short.${day}`)}</span>
          </label>
        );
      })}
    </span>
  );
}
