'use client';
// Owns the form of an account: the kind's own fields drawn from its schema, the common ones by hand.
import type { Account, AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { type FieldPath, useFormState, useWatch } from 'react-hook-form';
import { DiscardDialog } from '@/components/form/discard-dialog';
import { Form, FormField } from '@/components/form/form';
import { FormSection } from '@/components/form/form-section';
import { type ApiForm, useApiForm } from '@/components/form/use-api-form';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { MapInput, SchemaFields } from '@/components/schema-form/schema-fields';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox, Switch } from '@/components/ui/checkbox';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Dialog } from '@/components/ui/dialog';
import { Input, Textarea } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { TagInput } from '@/components/ui/tag-input';
import { useKindTexts } from '@/lib/account-kinds';
import { callApi } from '@/lib/api';
import { clientChoices, clientName } from '@/lib/client-names';
import { useAllGroups } from '@/lib/upstream';
import { useFormat } from '@/lib/use-format';
import { type AccountValues, bodyOf, settingsVariant, shapeOf, unreadable, valuesOf } from './account-values';

interface AccountFormProps {
  kind: AccountKind;
  account: Account | null;
  /** Back to the choice of the kind. */
  onBack?: (() => void) | undefined;
  onClose: () => void;
  onSaved: (account: Account) => void;
}

const FORM_ID = 'account-form';

export function AccountForm({ kind, account, onBack, onClose, onSaved }: AccountFormProps) {
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const texts = useKindTexts();
  const isEdit = account !== null;
  const shape = useMemo(() => shapeOf(kind), [kind]);
  const [variants, setVariants] = useState({ settings: settingsVariant(shape, account), credential: 0 });

  const api = useApiForm<AccountValues>({
    defaultValues: valuesOf(kind, shape, account, variants),
    schema: async () => {
      const shared = await import('@crs/shared');
      return isEdit ? shared.accountUpdateBody : shared.accountCreateBody;
    },
    toBody: (values) => bodyOf(values, shape, variants, isEdit),
    async submit(values) {
      const wrong = unreadable(values, shape, variants);
      if (wrong.length > 0) {
        for (const name of wrong) {
          api.form.setError(name as FieldPath<AccountValues>, { message: errors('field.wrongFormat') });
        }
        return;
      }
      const body = bodyOf(values, shape, variants, isEdit);
      const saved = isEdit
        ? await callApi((client) =>
            client.accounts.update({
              params: { kind: kind.kind, id: account.id },
              body: { ...body, version: account.version },
            }),
          )
        : await callApi((client) =>
            client.accounts.create({
              params: { kind: kind.kind },
              body: { ...body, credential: body.credential ?? {} },
            }),
          );
      if (isEdit) notify.success(t('notice.saved', { name: saved.name }));
      onSaved(saved);
    },
  });
  const { isSubmitting, isDirty } = api.form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const [asking, setAsking] = useState(false);
  const leave = () => (isDirty && !isSubmitting ? setAsking(true) : onClose());
  const terms = texts.terms(kind);

  return (
    <>
      <Dialog
        open
        size="lg"
        onOpenChange={(open) => !open && leave()}
        title={isEdit ? t('editTitle', { name: account.name }) : t('add')}
        aside={<Badge>{texts.label(kind)}</Badge>}
        footer={
          <>
            {onBack !== undefined && (
              <Button variant="ghost" onClick={onBack} className="mr-auto">
                {t('otherKind')}
              </Button>
            )}
            <Button onClick={leave}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting}>
              {isEdit ? t('save') : t('addAndTest')}
            </Button>
          </>
        }
      >
        <Form api={api} id={FORM_ID}>
          <div className="flex flex-col gap-4 pb-5">
            {terms !== null && !isEdit && (
              <Alert tone="warn" title={t('termsTitle')}>
                <p>{terms}</p>
              </Alert>
            )}
            <FormField api={api} name="name" label={t('fields.name')} required help={t('fields.nameHelp')}>
              {(control, field) => <Input {...control} {...field} autoComplete="off" />}
            </FormField>
            <SchemaFields
              api={api}
              prefix="settings"
              kind={kind.kind}
              variants={shape.settings}
              variant={variants.settings}
              onVariantChange={(settings) => setVariants({ ...variants, settings })}
            />
            <SchemaFields
              api={api}
              prefix="credential"
              kind={kind.kind}
              variants={shape.credential}
              variant={variants.credential}
              onVariantChange={(credential) => setVariants({ ...variants, credential })}
              partial={isEdit}
            />
            {isEdit && <p className="-mt-2 text-muted text-xs">{t('fields.credentialKept')}</p>}
          </div>
          <OrderSection api={api} />
          <PoolSection api={api} />
          <ModelSection api={api} />
          <ClientSection api={api} kind={kind} />
          <MoreSection api={api} />
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}

interface SectionProps {
  api: ApiForm<AccountValues>;
}

/** True when one of the fields has an error. */
function useInvalid(api: ApiForm<AccountValues>, names: readonly (keyof AccountValues)[]): boolean {
  const { errors } = useFormState({ control: api.form.control });
  return names.some((name) => errors[name] !== undefined);
}

function OrderSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const [priority, weight, maxConcurrency, dailyUsd] = useWatch({
    control: api.form.control,
    name: ['priority', 'weight', 'maxConcurrency', 'dailyUsd'],
  });
  const limit = maxConcurrency === '0' ? t('summary.noLimit') : t('summary.limit', { limit: maxConcurrency });
  return (
    <FormSection
      title={t('sections.order')}
      summary={
        t('summary.order', { priority, weight, limit }) +
        (dailyUsd.trim() === '' ? '' : ` · ${t('summary.daily', { usd: dailyUsd })}`)
      }
      invalid={useInvalid(api, ['priority', 'weight', 'maxConcurrency', 'dailyUsd'])}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <FormField api={api} name="priority" label={t('fields.priority')} help={t('fields.priorityHelp')}>
          {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
        </FormField>
        <FormField api={api} name="weight" label={t('fields.weight')} help={t('fields.weightHelp')}>
          {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
        </FormField>
        <FormField
          api={api}
          name="maxConcurrency"
          label={t('fields.maxConcurrency')}
          help={t('fields.maxConcurrencyHelp')}
        >
          {(control, field) => <Input {...control} {...field} inputMode="numeric" />}
        </FormField>
      </div>
      <FormField
        api={api}
        name="dailyUsd"
        label={t('fields.dailyUsd')}
        help={t('fields.dailyUsdHelp')}
        optional
      >
        {(control, field) => <Input {...control} {...field} inputMode="decimal" className="w-32!" />}
      </FormField>
    </FormSection>
  );
}

/** Whom the account serves: everybody, or only keys that are bound to it or to one of its groups. */
function PoolSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const groups = useAllGroups().data;
  const [shared, groupIds] = useWatch({ control: api.form.control, name: ['shared', 'groupIds'] });
  const pool = shared ? t('summary.shared') : t('summary.boundOnly');
  return (
    <FormSection
      title={t('sections.pool')}
      summary={`${pool} · ${t('summary.groups', { count: groupIds.length })}`}
      invalid={useInvalid(api, ['shared', 'groupIds'])}
    >
      <FormField
        api={api}
        name="shared"
        label={t('fields.shared')}
        help={shared ? t('fields.sharedOn') : t('fields.sharedOff')}
      >
        {(control, { value, onChange, ref }) => (
          <Switch {...control} ref={ref} checked={value} onChange={onChange} />
        )}
      </FormField>
      <FormField api={api} name="groupIds" label={t('fields.groups')}>
        {(control, { value, onChange }) => (
          <div {...control} role="group" className="flex flex-wrap gap-x-5 gap-y-2 py-1">
            {groups?.length === 0 && <p className="text-muted text-sm">{t('fields.noGroups')}</p>}
            {groups?.map((group) => (
              <label key={group.id} className="flex items-center gap-2 text-sm max-sm:min-h-11">
                <Checkbox
                  checked={value.includes(group.id)}
                  onChange={(checked) =>
                    onChange(checked ? [...value, group.id] : value.filter((other) => other !== group.id))
                  }
                />
                {group.name}
              </label>
            ))}
          </div>
        )}
      </FormField>
    </FormSection>
  );
}

function ModelSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const models = useWatch({ control: api.form.control, name: 'models' });
  const allowed = models.allow.length === 0 ? t('summary.allModels') : models.allow.join(', ');
  const mapped = models.map.length === 0 ? '' : ` · ${t('summary.mapped', { count: models.map.length })}`;
  return (
    <FormSection
      title={t('sections.models')}
      summary={allowed + mapped}
      invalid={useInvalid(api, ['models'])}
    >
      <div className="flex flex-col gap-4">
        <FormField api={api} name="models.allow" label={t('fields.allow')} help={t('fields.allowHelp')}>
          {(control, field) => (
            <TagInput {...control} {...field} placeholder={t('fields.allowPlaceholder')} />
          )}
        </FormField>
        <FormField api={api} name="models.map" label={t('fields.map')} help={t('fields.mapHelp')}>
          {(control, { value, onChange, onBlur }) => (
            <MapInput control={control} value={value} onChange={onChange} onBlur={onBlur} />
          )}
        </FormField>
      </div>
    </FormSection>
  );
}

function ClientSection({ api, kind }: SectionProps & { kind: AccountKind }) {
  const t = useTranslations('accounts');
  const clients = useWatch({ control: api.form.control, name: 'clients' });
  const widened = kind.defaultClients.length > 0 && clients.some((id) => !kind.defaultClients.includes(id));
  const risky = kind.defaultClients.length > 0 && (clients.length === 0 || widened);
  return (
    <FormSection
      title={t('sections.clients')}
      summary={clients.length === 0 ? t('summary.allClients') : clients.map(clientName).join(', ')}
      invalid={useInvalid(api, ['clients'])}
    >
      <FormField api={api} name="clients" label={t('fields.clients')} help={t('fields.clientsHelp')}>
        {(control, { value, onChange }) => (
          <div {...control} role="group" className="flex flex-wrap gap-x-5 gap-y-2 py-1">
            {clientChoices.map((client) => (
              <label key={client.value} className="flex items-center gap-2 text-sm max-sm:min-h-11">
                <Checkbox
                  checked={value.includes(client.value)}
                  onChange={(checked) =>
                    onChange(
                      checked ? [...value, client.value] : value.filter((other) => other !== client.value),
                    )
                  }
                />
                {client.label}
              </label>
            ))}
          </div>
        )}
      </FormField>
      {risky && (
        <Alert tone="warn" className="mt-3">
          {t('fields.clientsRisk', { clients: kind.defaultClients.map(clientName).join(', ') })}
        </Alert>
      )}
    </FormSection>
  );
}

function MoreSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const [enabled, expiresAt] = useWatch({ control: api.form.control, name: ['enabled', 'expiresAt'] });
  const state = enabled ? t('summary.enabled') : t('summary.disabled');
  const end = expiresAt === '' ? t('summary.noEnd') : t('summary.end', { time: format.dateTime(expiresAt) });
  return (
    <FormSection
      title={t('sections.more')}
      summary={`${state} · ${end}`}
      invalid={useInvalid(api, ['enabled', 'expiresAt', 'description'])}
    >
      <div className="flex flex-col gap-4">
        <FormField api={api} name="enabled" label={t('fields.enabled')} help={t('fields.enabledHelp')}>
          {(control, { value, onChange, ref }) => (
            <Switch {...control} ref={ref} checked={value} onChange={onChange} />
          )}
        </FormField>
        <FormField
          api={api}
          name="expiresAt"
          label={t('fields.expiresAt')}
          help={t('fields.expiresAtHelp')}
          optional
        >
          {(control, field) => <DateTimeInput {...control} {...field} className="max-w-60" />}
        </FormField>
        <FormField api={api} name="description" label={t('fields.description')} optional>
          {(control, field) => <Textarea {...control} {...field} rows={2} />}
        </FormField>
      </div>
    </FormSection>
  );
}
