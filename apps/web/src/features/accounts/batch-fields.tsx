'use client';
// Owns the fields of a change of many accounts: a box for each, and its field once it is ticked.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { FormField } from '@/components/form/form';
import type { ApiForm } from '@/components/form/use-api-form';
import { Checkbox, Switch } from '@/components/ui/checkbox';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Input } from '@/components/ui/input';
import { type BatchField, batchFields, type BatchValues } from './batch-values';
import { HoursEditor } from './hours-editor';
import { ProxyFields } from './proxy-fields';

interface BatchFieldsProps {
  api: ApiForm<BatchValues>;
  chosen: readonly BatchField[];
  onChoose: (chosen: readonly BatchField[]) => void;
}

export function BatchFields({ api, chosen, onChoose }: BatchFieldsProps) {
  const t = useTranslations('accounts');
  const number = (name: 'priority' | 'weight' | 'maxConcurrency' | 'dailyUsd', help: string) => (
    <FormField api={api} name={name} label={t(`batch.fields.${name}`)} help={help}>
      {(control, field) => <Input {...control} {...field} inputMode="decimal" className="w-32!" />}
    </FormField>
  );
  const fields: Record<BatchField, ReactNode> = {
    priority: number('priority', t('fields.priorityHelp')),
    weight: number('weight', t('fields.weightHelp')),
    maxConcurrency: number('maxConcurrency', t('fields.maxConcurrencyHelp')),
    dailyUsd: number('dailyUsd', t('batch.dailyUsdHelp')),
    serviceHours: (
      <FormField api={api} name="serviceHours" label={t('fields.serviceHours')}>
        {(control, { value, onChange }) => <HoursEditor {...{ control, value, onChange }} />}
      </FormField>
    ),
    shared: (
      <FormField api={api} name="shared" label={t('fields.shared')} help={t('batch.sharedHelp')}>
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
    ),
    expiresAt: (
      <FormField api={api} name="expiresAt" label={t('fields.expiresAt')} help={t('batch.expiresAtHelp')}>
        {(control, field) => <DateTimeInput {...control} {...field} className="max-w-60" />}
      </FormField>
    ),
    proxy: (
      <div className="flex flex-col gap-4">
        <ProxyFields api={api} stored={null} />
      </div>
    ),
  };
  return (
    <ul className="divide-y divide-line">
      {batchFields.map((name) => {
        const isChosen = chosen.includes(name);
        return (
          <li key={name} className="py-2">
            <label className="flex min-h-7 w-fit items-center gap-2.5 font-medium text-sm max-sm:min-h-11">
              <Checkbox
                checked={isChosen}
                onChange={() =>
                  onChoose(isChosen ? chosen.filter((other) => other !== name) : [...chosen, name])
                }
              />
              {t(`batch.fields.${name}`)}
            </label>
            {isChosen && <div className="mt-2 pl-6.5">{fields[name]}</div>}
          </li>
        );
      })}
    </ul>
  );
}
