'use client';
// Owns the tiers of an override: the list's, none, or lines of its own.
import { priceBuckets } from '@crs/shared';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFieldArray, useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import type { ApiForm } from '@/components/form/use-api-form';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { noPrices, type OverrideValues } from './override-values';

const modes = ['listed', 'none', 'own'] as const;

export function TierFields({ api }: { api: ApiForm<OverrideValues> }) {
  const t = useTranslations('pricing');
  const { control, setValue } = api.form;
  const mode = useWatch({ control, name: 'tierMode' });
  const { fields, append, remove } = useFieldArray({ control, name: 'tiers' });
  const add = () => append({ aboveInputTokens: '', usdPerMTok: noPrices });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">{t('columns.tiers')}</legend>
      <SegmentedControl
        label={t('columns.tiers')}
        value={mode}
        options={modes.map((value) => ({ value, label: t(`tierModes.${value}`) }))}
        onChange={(value) => {
          setValue('tierMode', value, { shouldDirty: true });
          if (value === 'own' && fields.length === 0) add();
        }}
      />
      {mode === 'own' && (
        <>
          <p className="text-muted text-xs">{t('tierHelp')}</p>
          {fields.map(({ id }, index) => (
            <div key={id} className="flex items-start gap-2 rounded-card border border-line p-3">
              <div className="grid min-w-0 flex-1 grid-cols-3 gap-2 max-sm:grid-cols-2">
                <FormField api={api} name={`tiers.${index}.aboveInputTokens`} label={t('threshold')}>
                  {(field, { ref, ...input }) => (
                    <Input {...field} {...input} ref={ref} inputMode="numeric" autoComplete="off" />
                  )}
                </FormField>
                {priceBuckets.map((bucket) => (
                  <FormField
                    key={bucket}
                    api={api}
                    name={`tiers.${index}.usdPerMTok.${bucket}`}
                    label={t(`buckets.${bucket}`)}
                  >
                    {(field, { ref, ...input }) => (
                      <Input {...field} {...input} ref={ref} inputMode="decimal" autoComplete="off" />
                    )}
                  </FormField>
                ))}
              </div>
              <IconButton
                label={t('removeTier', { number: index + 1 })}
                icon={<Trash2 />}
                onClick={() => remove(index)}
              />
            </div>
          ))}
          <Button size="sm" icon={<Plus aria-hidden />} onClick={add} className="self-start">
            {t('addTier')}
          </Button>
        </>
      )}
    </fieldset>
  );
}
