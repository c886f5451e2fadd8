'use client';
// Owns the folding parts of the key form; closed, each says what is set inside.
import { services } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { useFormState, useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import { FormSection } from '@/components/form/form-section';
import type { ApiForm } from '@/components/form/use-api-form';
import { Switch } from '@/components/ui/checkbox';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { TagInput } from '@/components/ui/tag-input';
import { clientChoices } from '@/lib/client-names';
import { serviceNames } from '@/lib/vendor-names';
import { CheckGroup } from './check-group';
import { type KeyValues, toBody } from './key-values';
import { useKeyWords } from './use-key-words';

export interface SectionProps {
  api: ApiForm<KeyValues>;
  /** Unfolded from the start. */
  open?: boolean;
}

const serviceChoices = services.map((value) => ({ value, label: serviceNames[value] }));
const modelModes = ['deny', 'allow'] as const;
const MODEL_EXAMPLE = 'claude-*';
export const modelPatterns = [MODEL_EXAMPLE, 'claude-opus-*', 'claude-sonnet-*', 'claude-haiku-*'];

/** What is set right now, as the gateway would store it. */
export function useBody({ api }: SectionProps) {
  useWatch({ control: api.form.control });
  return toBody(api.form.getValues());
}

/** True when one of the fields has an error. */
export function useInvalid({ api }: SectionProps, names: readonly (keyof KeyValues)[]): boolean {
  const { errors } = useFormState({ control: api.form.control });
  return names.some((name) => errors[name] !== undefined);
}

export function ModelSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const words = useKeyWords();
  const { permissions, models } = useBody({ api });
  const invalid = useInvalid({ api }, ['permissions', 'models']);
  return (
    <FormSection
      title={t('sections.models')}
      summary={`${words.services(permissions)} · ${words.models(models)}`}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField
        api={api}
        name="permissions"
        label={t('services')}
        rules={{ validate: (value) => value.length > 0 || t('serviceMissing') }}
      >
        {(control, { value, onChange, onBlur }) => (
          <CheckGroup {...{ control, value, onChange, onBlur }} options={serviceChoices} />
        )}
      </FormField>
      <div className="flex flex-col gap-2">
        <p className="font-medium text-sm">{t('models')}</p>
        <SegmentedControl
          label={t('models')}
          value={models.mode}
          options={modelModes.map((value) => ({ value, label: t(`modelModes.${value}`) }))}
          onChange={(mode) => api.form.setValue('models.mode', mode, { shouldDirty: true })}
        />
        <FormField
          api={api}
          name="models.list"
          label={models.mode === 'deny' ? t('modelsDenied') : t('modelsAllowed')}
          help={t('modelsHelp')}
          rules={{
            validate: (value, all) => all.models.mode === 'deny' || value.length > 0 || t('modelMissing'),
          }}
        >
          {(control, field) => (
            <TagInput {...control} {...field} placeholder={MODEL_EXAMPLE} suggestions={modelPatterns} />
          )}
        </FormField>
      </div>
    </FormSection>
  );
}

export function AccessSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const words = useKeyWords();
  const { clients, ipAllow } = useBody({ api });
  const invalid = useInvalid({ api }, ['clients', 'ipAllow']);
  return (
    <FormSection
      title={t('sections.access')}
      summary={`${words.clients(clients)} · ${words.addresses(ipAllow)}`}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField api={api} name="clients" label={t('clients')} help={t('clientsHelp')}>
        {(control, { value, onChange, onBlur }) => (
          <CheckGroup {...{ control, value, onChange, onBlur }} options={clientChoices} />
        )}
      </FormField>
      <FormField
        api={api}
        name="ipAllow"
        label={t('addresses')}
        help={t('addressesHelp')}
        rules={{
          validate: async (value) => {
            const { ipRangeSchema } = await import('@crs/shared');
            const wrong = value.find((entry) => !ipRangeSchema.safeParse(entry).success);
            return wrong === undefined || t('addressWrong', { entry: wrong });
          },
        }}
      >
        {(control, field) => <TagInput {...control} {...field} placeholder="10.0.0.0/24" />}
      </FormField>
    </FormSection>
  );
}

export function StateSection({ api, open = false }: SectionProps) {
  const t = useTranslations('keys.form');
  const { enabled, debug, capture } = useBody({ api });
  const invalid = useInvalid({ api }, ['enabled', 'debug', 'capture']);
  const state = enabled ? t('isEnabled') : t('isDisabled');
  const keeps = capture.request || capture.response;
  return (
    <FormSection
      title={t('sections.state')}
      summary={[state, debug && t('debugOn'), keeps && t('captureOn')].filter(Boolean).join(' · ')}
      invalid={invalid}
      initiallyOpen={open}
    >
      <FormField api={api} name="enabled" label={t('enabled')} help={t('enabledHelp')}>
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      <FormField api={api} name="debug" label={t('debug')} help={t('debugHelp')}>
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      <FormField api={api} name="capture.request" label={t('captureRequest')} help={t('captureRequestHelp')}>
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      <FormField
        api={api}
        name="capture.response"
        label={t('captureResponse')}
        help={t('captureResponseHelp')}
      >
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      {keeps && <Alert tone="warn">{t('captureWarning')}</Alert>}
    </FormSection>
  );
}
