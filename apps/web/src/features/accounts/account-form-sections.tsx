'use client';
// Owns the parts of an account's form that all kinds share; closed, each says what is set inside.
import type { Account, AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useFormState, useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import { FormSection } from '@/components/form/form-section';
import type { ApiForm } from '@/components/form/use-api-form';
import { MapInput } from '@/components/schema-form/map-input';
import { Alert } from '@/components/ui/alert';
import { Checkbox, Switch } from '@/components/ui/checkbox';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Input, Textarea } from '@/components/ui/input';
import { TagInput } from '@/components/ui/tag-input';
import { clientChoices, clientName } from '@/lib/client-names';
import { useAllGroups } from '@/lib/upstream';
import { useFormat } from '@/lib/use-format';
import type { AccountValues } from './account-values';
import { ProxyFields } from './proxy-fields';
import { proxyAddress, proxyBody } from './proxy-values';

export interface SectionProps {
  api: ApiForm<AccountValues>;
}

/** True when one of the fields has an error. */
export function useInvalid(api: ApiForm<AccountValues>, names: readonly (keyof AccountValues)[]): boolean {
  const { errors } = useFormState({ control: api.form.control });
  return names.some((name) => errors[name] !== undefined);
}

/** By way of which the vendor is reached. */
export function ProxySection({ api, account }: SectionProps & { account: Account | null }) {
  const t = useTranslations('accounts');
  const stored = account?.proxy ?? null;
  const proxy = proxyBody(useWatch({ control: api.form.control, name: 'proxy' }), stored);
  const isWhole = proxy !== null && proxy.host !== '' && !Number.isNaN(proxy.port);
  return (
    <FormSection
      title={t('sections.proxy')}
      summary={proxy === null ? t('proxy.none') : isWhole ? proxyAddress(proxy) : proxy.type.toUpperCase()}
      invalid={useInvalid(api, ['proxy'])}
    >
      <ProxyFields api={api} stored={stored} />
    </FormSection>
  );
}

export function OrderSection({ api }: SectionProps) {
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
export function PoolSection({ api }: SectionProps) {
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

export function ModelSection({ api }: SectionProps) {
  const t = useTranslations('accounts');
  const kinds = useTranslations('kinds');
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
            <MapInput
              from={kinds('mapFrom')}
              to={kinds('mapTo')}
              control={control}
              value={value}
              onChange={onChange}
              onBlur={onBlur}
            />
          )}
        </FormField>
      </div>
    </FormSection>
  );
}

export function ClientSection({ api, kind }: SectionProps & { kind: AccountKind }) {
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

export function MoreSection({ api }: SectionProps) {
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
