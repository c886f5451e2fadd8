'use client';
// Owns when a key ends: never, at a moment, or some time after its first use.
import { useTranslations } from 'next-intl';
import { useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import type { ApiForm } from '@/components/form/use-api-form';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Input } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { NativeSelect } from '@/components/ui/select-native';
import { serverNow } from '@/lib/server-clock';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import type { KeyValues } from './key-values';
import { isAmount } from './limit-values';

const modes = ['never', 'at', 'afterFirstUse'] as const;
const units = ['days', 'hours'] as const;
const presetDays = [7, 30, 90, 365] as const;
const DAY_MS = 24 * 3_600_000;

export function ExpirationFields({ api }: { api: ApiForm<KeyValues> }) {
  const t = useTranslations('keys.form');
  const { control, setValue } = api.form;
  const mode = useWatch({ control, name: 'expiration.mode' });
  const unit = useWatch({ control, name: 'expiration.unit' });
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium text-sm">{t('expiration')}</p>
      <SegmentedControl
        label={t('expiration')}
        value={mode}
        options={modes.map((value) => ({ value, label: t(`expirationModes.${value}`) }))}
        onChange={(value) => setValue('expiration.mode', value, { shouldDirty: true })}
      />
      {mode === 'at' && <EndField api={api} />}
      {mode === 'afterFirstUse' && (
        <FormField
          api={api}
          name="expiration.afterFirstUse"
          label={t('afterFirstUse')}
          help={t('afterFirstUseHelp')}
          rules={{ validate: (value) => isAmount(value) || t('amountWrong') }}
        >
          {(field, { ref, ...input }) => (
            <div className="flex gap-2">
              <Input {...field} {...input} ref={ref} inputMode="numeric" className="w-28!" />
              <NativeSelect
                label={t('unit')}
                value={unit}
                options={units.map((value) => ({ value, label: t(`units.${value}`) }))}
                onChange={(value) => setValue('expiration.unit', value, { shouldDirty: true })}
              />
            </div>
          )}
        </FormField>
      )}
    </div>
  );
}

function EndField({ api }: { api: ApiForm<KeyValues> }) {
  const t = useTranslations('keys.form');
  const format = useFormat();
  const now = useNow(15_000);
  const at = useWatch({ control: api.form.control, name: 'expiration.at' });
  const isOver = at !== '' && Date.parse(at) <= now;
  return (
    <FormField
      api={api}
      name="expiration.at"
      label={t('endsAt')}
      help={
        at === '' ? (
          t('zoneHelp')
        ) : isOver ? (
          <span className="text-warn-text">{t('endIsOver')}</span>
        ) : (
          format.relative(at, now)
        )
      }
      rules={{ validate: (value) => value !== '' || t('endMissing') }}
    >
      {(control, { ref, ...field }) => (
        <div className="flex flex-wrap items-center gap-1.5">
          <DateTimeInput {...control} {...field} ref={ref} className="w-56! max-sm:w-full!" />
          {presetDays.map((days) => (
            <Button
              key={days}
              size="sm"
              onClick={() => field.onChange(new Date(serverNow() + days * DAY_MS).toISOString())}
            >
              {t('inDays', { count: days })}
            </Button>
          ))}
        </div>
      )}
    </FormField>
  );
}
