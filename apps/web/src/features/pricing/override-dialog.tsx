'use client';
// Owns the form of an override: prices of a model from a time on, with what they change; a chunk of its own.
import { priceBuckets, type PriceProvider, priceProviders, type PricingAnswer } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { DiscardDialog } from '@/components/form/discard-dialog';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { NativeSelect } from '@/components/ui/select-native';
import { isApiError } from '@/lib/api';
import { useFormat } from '@/lib/use-format';
import { initialValues, type OverrideValues, toBody } from './override-values';
import { PriceDiff } from './price-diff';
import { keyOf } from './price-rows';
import { TierFields } from './tier-fields';
import { useChangePricing } from './use-pricing';

const FORM_ID = 'override-form';

interface OverrideDialogProps {
  pricing: PricingAnswer;
  /** The model; null: it is named in the form. */
  target: { id: string; provider: PriceProvider } | null;
  onClose: () => void;
}

export default function OverrideDialog({ pricing, target, onClose }: OverrideDialogProps) {
  const t = useTranslations('pricing');
  const common = useTranslations('common');
  const format = useFormat();
  const change = useChangePricing();
  const [asking, setAsking] = useState(false);
  const listedTarget = target === null ? null : modelOf(pricing, target);
  const inForce = pricing.overrides.find(({ id }) => id === listedTarget?.overrideId);
  const api = useApiForm<OverrideValues>({
    defaultValues: initialValues(target ?? { id: '', provider: 'anthropic' }, inForce),
    schema: async () => (await import('@crs/shared')).priceOverrideInput,
    toBody,
    async submit(values) {
      try {
        await change(pricing, { overrides: [...pricing.overrides, toBody(values)] });
      } catch (error) {
        throw atFields(error);
      }
      notify.success(t('saved', { model: values.model.trim() }));
      onClose();
    },
  });
  const { control } = api.form;
  const { isSubmitting, isDirty } = api.form.formState;
  const [when, id, provider] = useWatch({ control, name: ['when', 'model', 'provider'] });
  const model = modelOf(pricing, { id: id.trim(), provider });
  const isUnlisted = model === null || model.listed === null;
  useUnsavedWarning(isDirty && !isSubmitting);
  const leave = () => (isDirty && !isSubmitting ? setAsking(true) : onClose());

  return (
    <>
      <Dialog
        open
        size="lg"
        onOpenChange={(open) => !open && leave()}
        title={target === null ? t('add') : t('setPriceOf', { model: target.id })}
        description={t('overrideHelp')}
        footer={
          <>
            <Button onClick={leave}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting}>
              {t('save')}
            </Button>
          </>
        }
      >
        <Form api={api} id={FORM_ID}>
          <div className="flex flex-col gap-4">
            {target === null && (
              <div className="flex flex-wrap gap-3">
                <FormField
                  api={api}
                  name="model"
                  label={t('columns.model')}
                  required
                  className="min-w-0 flex-1"
                >
                  {(field, input) => <Input {...field} {...input} autoComplete="off" spellCheck={false} />}
                </FormField>
                <FormField api={api} name="provider" label={t('columns.provider')}>
                  {(_field, { value, onChange }) => (
                    <NativeSelect
                      label={t('columns.provider')}
                      value={value}
                      options={priceProviders.map((name) => ({ value: name, label: name }))}
                      onChange={onChange}
                    />
                  )}
                </FormField>
              </div>
            )}
            <div className="grid grid-cols-3 gap-3 max-sm:grid-cols-2">
              {priceBuckets.map((bucket) => {
                const listed = model?.listed?.usdPerMTok[bucket];
                return (
                  <FormField
                    key={bucket}
                    api={api}
                    name={`usdPerMTok.${bucket}`}
                    label={t(`buckets.${bucket}`)}
                    required={isUnlisted && (bucket === 'input' || bucket === 'output')}
                  >
                    {(field, { ref, ...input }) => (
                      <Input
                        {...field}
                        {...input}
                        ref={ref}
                        inputMode="decimal"
                        autoComplete="off"
                        placeholder={
                          typeof listed !== 'number'
                            ? t('asInput')
                            : t('listed', { price: format.usdPerMTok(listed) })
                        }
                      />
                    )}
                  </FormField>
                );
              })}
            </div>
            <p className="-mt-2 text-muted text-xs">{t('pricesHelp')}</p>
            <PriceDiff model={model} control={control} />
            <TierFields api={api} />
            <div className="flex flex-col gap-2">
              <p className="font-medium text-sm">{t('when')}</p>
              <SegmentedControl
                label={t('when')}
                value={when}
                options={[
                  { value: 'now', label: t('now') },
                  { value: 'at', label: t('at') },
                ]}
                onChange={(value) => api.form.setValue('when', value, { shouldDirty: true })}
              />
              {when === 'at' && (
                <FormField api={api} name="from" label={t('time')} required>
                  {(field, { ref, ...input }) => <DateTimeInput {...field} {...input} ref={ref} />}
                </FormField>
              )}
            </div>
            <FormField api={api} name="note" label={t('note')} optional>
              {(field, input) => <Input {...field} {...input} autoComplete="off" />}
            </FormField>
          </div>
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}

function modelOf({ models }: PricingAnswer, wanted: { id: string; provider: PriceProvider }) {
  return models.find((model) => keyOf(model) === keyOf(wanted)) ?? null;
}

/** The gateway names fields of the whole list; the form has one line of it. */
function atFields(error: unknown): unknown {
  if (!isApiError(error)) return error;
  const errors = error.problem.errors?.map(({ path, message }) => ({
    path: path.replace(/^overrides\.\d+\./, ''),
    message,
  }));
  return Object.assign(error, { problem: { ...error.problem, errors } });
}
