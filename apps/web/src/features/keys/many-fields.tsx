'use client';
// Owns how many keys are made in one go, and what they will be called.
import { useTranslations } from 'next-intl';
import { useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import type { ApiForm } from '@/components/form/use-api-form';
import { Input } from '@/components/ui/input';
import { numberedName } from './numbered-name';
import type { KeyValues } from './key-values';

const MIN = 2;
const MAX = 500;

export function ManyFields({ api }: { api: ApiForm<KeyValues> }) {
  const t = useTranslations('keys.form');
  const [name, count, startAt] = useWatch({
    control: api.form.control,
    name: ['name', 'count', 'startAt'],
  });
  const first = Number(startAt);
  const last = first + Number(count) - 1;
  const isTold = name.trim() !== '' && Number.isInteger(first) && Number.isInteger(last) && last > first;
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <FormField
          api={api}
          name="count"
          label={t('count')}
          rules={{
            validate: (value) =>
              (/^\d+$/.test(value.trim()) && Number(value) >= MIN && Number(value) <= MAX) ||
              t('countWrong', { min: MIN, max: MAX }),
          }}
          required
        >
          {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
        </FormField>
        <FormField
          api={api}
          name="startAt"
          label={t('startAt')}
          rules={{ validate: (value) => /^\d{1,6}$/.test(value.trim()) || t('startAtWrong') }}
        >
          {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
        </FormField>
      </div>
      {isTold && (
        <p className="text-muted text-sm">
          {t('namesLike', { first: numberedName(name.trim(), first), last: numberedName(name.trim(), last) })}
        </p>
      )}
    </>
  );
}
