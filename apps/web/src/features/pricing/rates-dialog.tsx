'use client';
// Owns the form of the rates: what a dollar of cost counts as, by service; a chunk of its own.
import { type PricingAnswer, services } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { useChangePricing } from './use-pricing';

const FORM_ID = 'rates-form';
const names = { claude: 'Claude', gemini: 'Gemini', openai: 'OpenAI' } as const;

interface RateValues {
  rates: Record<(typeof services)[number], string>;
}

function toRates({ rates }: RateValues): PricingAnswer['rates'] {
  const read = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
  return { claude: read(rates.claude), gemini: read(rates.gemini), openai: read(rates.openai) };
}

export default function RatesDialog({ pricing, onClose }: { pricing: PricingAnswer; onClose: () => void }) {
  const t = useTranslations('pricing');
  const common = useTranslations('common');
  const change = useChangePricing();
  const api = useApiForm<RateValues>({
    defaultValues: {
      rates: {
        claude: String(pricing.rates.claude),
        gemini: String(pricing.rates.gemini),
        openai: String(pricing.rates.openai),
      },
    },
    schema: async () => (await import('@crs/shared')).pricingUpdateBody,
    toBody: (values) => ({ rates: toRates(values) }),
    async submit(values) {
      await change(pricing, { rates: toRates(values) });
      notify.success(t('ratesSaved'));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('rates')}
      description={t('ratesHelp')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={FORM_ID} variant="primary" busy={api.form.formState.isSubmitting}>
            {t('saveRates')}
          </Button>
        </>
      }
    >
      <Form api={api} id={FORM_ID}>
        <div className="flex flex-col gap-4">
          {services.map((service) => (
            <FormField key={service} api={api} name={`rates.${service}`} label={names[service]}>
              {(control, { ref, ...field }) => (
                <Input
                  {...control}
                  {...field}
                  ref={ref}
                  inputMode="decimal"
                  autoComplete="off"
                  className="w-32!"
                />
              )}
            </FormField>
          ))}
        </div>
      </Form>
    </Dialog>
  );
}
