'use client';
// Owns the folding parts of the key form that limit it and lead it: budgets, windows, load, rates, routing.
import { services } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { FormField } from '@/components/form/form';
import { FormSection } from '@/components/form/form-section';
import { Switch } from '@/components/ui/checkbox';
import { Input } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { NativeSelect } from '@/components/ui/select-native';
import { Skeleton } from '@/components/ui/skeleton';
import { useSession } from '@/lib/session';
import { serviceNames } from '@/lib/vendor-names';
import { type SectionProps, useBody, useInvalid } from './key-form-sections';
import { BudgetRows, WindowRows } from './limit-rows';
import { budgetModes, isAmount, isUsd, windowProblem } from './limit-values';
import { useKeyWords } from './use-key-words';
import { useLimitWords } from '@/components/limits/use-limit-words';

const BindPicker = lazy(() => import('./bind-picker'));

const days = ['1', '2', '3', '4', '5', '6', '7'] as const;
const hours = Array.from({ length: 24 }, (_, hour) => String(hour));

interface BudgetSectionProps extends SectionProps {
  /** The budgets alone: neither what is reserved nor when the week begins. */
  rowsOnly?: boolean;
}

export function BudgetSection({ api, open = false, rowsOnly = false }: BudgetSectionProps) {
  const t = useTranslations('keys.form');
  const words = useLimitWords();
  const { budgets, budgetMode, weeklyReset } = useBody({ api });
  const invalid = useInvalid({ api }, ['budgets', 'budgetMode', 'weeklyReset']);
  const set = budgets.map(words.budget).join(' · ');
  return (
    <FormSection
      title={t('sections.budgets')}
      summary={set === '' ? t('noLimit') : set}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField
        api={api}
        name="budgets"
        label={t('budgets.label')}
        help={t('budgets.help')}
        rules={{
          validate: (rows) => {
            const wrong = rows.findIndex(({ usd }) => !isUsd(usd));
            return wrong < 0 || t('budgets.wrong', { line: wrong + 1 });
          },
        }}
      >
        {(control, { value, onChange, onBlur }) => <BudgetRows {...{ control, value, onChange, onBlur }} />}
      </FormField>
      {!rowsOnly && budgets.some(({ every }) => every === 'week') && (
        <WeeklyReset api={api} day={String(weeklyReset.day)} hour={String(weeklyReset.hour)} />
      )}
      {/* It also holds for the money of windows. */}
      {!rowsOnly && (
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-sm">{t('mode.label')}</p>
          <SegmentedControl
            label={t('mode.label')}
            value={budgetMode}
            options={budgetModes.map((value) => ({ value, label: t(`mode.${value}`) }))}
            onChange={(value) => api.form.setValue('budgetMode', value, { shouldDirty: true })}
          />
          <p className="text-muted text-xs">{t(`mode.${budgetMode}Help`)}</p>
        </div>
      )}
    </FormSection>
  );
}

function WeeklyReset({ api, day, hour }: SectionProps & { day: string; hour: string }) {
  const t = useTranslations('keys.form.weekly');
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium text-sm">{t('label')}</p>
      <div className="flex gap-2">
        <NativeSelect
          label={t('day')}
          value={day}
          options={days.map((value) => ({ value, label: t(`days.${value}`) }))}
          onChange={(value) => api.form.setValue('weeklyReset.day', value, { shouldDirty: true })}
        />
        <NativeSelect
          label={t('hour')}
          value={hour}
          options={hours.map((value) => ({ value, label: `${value.padStart(2, '0')}:00` }))}
          onChange={(value) => api.form.setValue('weeklyReset.hour', value, { shouldDirty: true })}
        />
      </div>
      <p className="text-muted text-xs">{t('help', { timeZone })}</p>
    </div>
  );
}

export function WindowSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const words = useLimitWords();
  const { windows } = useBody({ api });
  const invalid = useInvalid({ api }, ['windows']);
  const set = windows.map(words.window).join(' · ');
  return (
    <FormSection
      title={t('sections.windows')}
      summary={set === '' ? t('noLimit') : set}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField
        api={api}
        name="windows"
        label={t('windows.label')}
        help={t('windows.help')}
        rules={{
          validate: (rows) => {
            const wrong = rows.findIndex((row) => windowProblem(row) !== null);
            const row = rows[wrong];
            const problem = row === undefined ? null : windowProblem(row);
            return problem === null || t(`windows.wrong.${problem}`, { line: wrong + 1 });
          },
        }}
      >
        {(control, { value, onChange, onBlur }) => <WindowRows {...{ control, value, onChange, onBlur }} />}
      </FormField>
    </FormSection>
  );
}

export function LoadSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const rules = useKeyWords();
  const words = useLimitWords();
  const { concurrency, queue } = useBody({ api });
  const invalid = useInvalid({ api }, ['concurrency', 'queue']);
  const parts = [rules.concurrency(concurrency), ...(queue === null ? [] : [words.queue(queue)])];
  const amount = { validate: (value: string) => isAmount(value) || t('amountWrong') };
  return (
    <FormSection
      title={t('sections.load')}
      summary={parts.join(' · ')}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField api={api} name="concurrency" label={t('concurrency')} help={t('concurrencyHelp')}>
        {(control, field) => <Input {...control} {...field} inputMode="numeric" className="w-32!" />}
      </FormField>
      <FormField api={api} name="queue.enabled" label={t('queue.enabled')} help={t('queue.help')}>
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      {queue !== null && (
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField api={api} name="queue.size" label={t('queue.size')} rules={amount}>
            {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
          </FormField>
          <FormField api={api} name="queue.waitSeconds" label={t('queue.wait')} rules={amount}>
            {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
          </FormField>
        </div>
      )}
    </FormSection>
  );
}

export function RateSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const words = useLimitWords();
  const { rates } = useBody({ api });
  const invalid = useInvalid({ api }, ['rates']);
  return (
    <FormSection
      title={t('sections.rates')}
      summary={words.rates(rates)}
      invalid={invalid}
      initiallyOpen={open}
    >
      <p className="text-muted text-xs">{t('rates.help')}</p>
      <div className="grid gap-4 sm:grid-cols-3">
        {services.map((service) => (
          <FormField
            key={service}
            api={api}
            name={`rates.${service}`}
            label={serviceNames[service]}
            rules={{
              validate: (value) => /^(\d+(\.\d{1,6})?)?$/.test(value.trim()) || t('rates.wrong'),
            }}
          >
            {(control, field) => (
              <Input {...control} {...field} inputMode="decimal" placeholder="1" autoComplete="off" />
            )}
          </FormField>
        ))}
      </div>
    </FormSection>
  );
}

export function RoutingSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const words = useKeyWords();
  const { binds, bindFallback } = useBody({ api });
  const invalid = useInvalid({ api }, ['binds', 'bindFallback']);
  return (
    <FormSection
      title={t('sections.routing')}
      summary={words.routing(binds, bindFallback)}
      invalid={invalid}
      initiallyOpen={open}
      lazily
    >
      <FormField api={api} name="binds" label={t('routing.label')} help={t('routing.help')}>
        {(control, { value, onChange }) => (
          <Suspense fallback={<Skeleton className="h-8 w-full" />}>
            <BindPicker {...{ control, value, onChange }} />
          </Suspense>
        )}
      </FormField>
      {binds.length > 0 && (
        <FormField
          api={api}
          name="bindFallback"
          label={t('routing.fallback')}
          help={bindFallback ? t('routing.fallbackOn') : t('routing.fallbackOff')}
        >
          {(control, { value, onChange, ref }) => (
            <Switch {...control} ref={ref} checked={value} onChange={onChange} />
          )}
        </FormField>
      )}
    </FormSection>
  );
}
