'use client';
// Owns the part of an account's form that says when it does not serve.
import { useTranslations } from 'next-intl';
import { useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import { FormSection } from '@/components/form/form-section';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { useFormat } from '@/lib/use-format';
import { type SectionProps, useInvalid } from './account-form-sections';
import { HoursEditor } from './hours-editor';
import { useHoursWords } from './use-hours-words';

export function HoursSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const words = useHoursWords();
  const [pausedUntil, hours] = useWatch({
    control: api.form.control,
    name: ['pausedUntil', 'serviceHours'],
  });
  const pause =
    pausedUntil === '' ? '' : ` · ${t('summary.pausedUntil', { time: format.dateTime(pausedUntil) })}`;
  return (
    <FormSection
      title={t('sections.hours')}
      summary={words.all(hours) + pause}
      invalid={useInvalid(api, ['pausedUntil', 'serviceHours'])}
    >
      <div className="flex flex-col gap-4">
        <FormField
          api={api}
          name="pausedUntil"
          label={t('fields.pausedUntil')}
          help={t('fields.pausedUntilHelp')}
          optional
        >
          {(control, field) => <DateTimeInput {...control} {...field} className="max-w-60" />}
        </FormField>
        <FormField api={api} name="serviceHours" label={t('fields.serviceHours')}>
          {(control, { value, onChange }) => <HoursEditor {...{ control, value, onChange }} />}
        </FormField>
      </div>
    </FormSection>
  );
}
