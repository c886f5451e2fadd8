'use client';
// Owns the fields of a proxy, in any form that has one.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import type { ClipboardEvent } from 'react';
import { type FieldValues, useWatch } from 'react-hook-form';
import { FormField } from '@/components/form/form';
import type { ApiForm } from '@/components/form/use-api-form';
import { Input, PasswordInput } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { keepsPassword, proxyTypes, type ProxyValues, readProxyAddress } from './proxy-values';

interface ProxyFieldsProps<Values extends FieldValues> {
  api: ApiForm<Values>;
  /** The proxy as it is stored; its password is kept unless another one is typed. */
  stored: Account['proxy'];
}

export function ProxyFields<Values extends { proxy: ProxyValues }>(props: ProxyFieldsProps<Values>) {
  const { stored } = props;
  // A form with more fields is also one with these; the library's types are too strict to see it.
  const api = props.api as unknown as ApiForm<{ proxy: ProxyValues }>;
  const t = useTranslations('accounts.proxy');
  const proxy = useWatch({ control: api.form.control, name: 'proxy' });
  const isKept = keepsPassword(proxy, stored);

  function onPaste(event: ClipboardEvent<HTMLInputElement>) {
    const parts = readProxyAddress(event.clipboardData.getData('text'));
    if (parts === null) return;
    event.preventDefault();
    api.form.setValue('proxy', parts, { shouldDirty: true });
  }

  return (
    <>
      <FormField api={api} name="proxy.type" label={t('type')}>
        {(control, { value, onChange }) => (
          <div {...control} role="group">
            <SegmentedControl
              label={t('type')}
              value={value}
              options={[
                { value: '', label: t('none') },
                ...proxyTypes.map((type) => ({ value: type, label: type.toUpperCase() })),
              ]}
              onChange={onChange}
            />
          </div>
        )}
      </FormField>
      {proxy.type !== '' && (
        <>
          <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
            <FormField api={api} name="proxy.host" label={t('host')} help={t('hostHelp')} required>
              {(control, field) => (
                <Input
                  {...control}
                  {...field}
                  onPaste={onPaste}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  className="font-mono text-sm"
                />
              )}
            </FormField>
            <FormField api={api} name="proxy.port" label={t('port')} required>
              {(control, field) => <Input {...control} {...field} inputMode="numeric" autoComplete="off" />}
            </FormField>
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <FormField api={api} name="proxy.username" label={t('username')} optional>
              {(control, field) => (
                <Input {...control} {...field} autoComplete="off" autoCapitalize="none" spellCheck={false} />
              )}
            </FormField>
            <FormField
              api={api}
              name="proxy.password"
              label={t('password')}
              help={isKept ? t('kept') : undefined}
              optional
            >
              {(control, field) => (
                <PasswordInput
                  {...control}
                  {...field}
                  autoComplete="new-password"
                  placeholder={isKept ? t('keptPlaceholder') : ''}
                />
              )}
            </FormField>
          </div>
        </>
      )}
    </>
  );
}
