'use client';
// Owns the first step of a login at a vendor: what it is, its terms, which way, by way of which proxy.
import type { Account, AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useWatch } from 'react-hook-form';
import { Form, FormField } from '@/components/form/form';
import { type ApiForm, useApiForm } from '@/components/form/use-api-form';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { useKindTexts } from '@/lib/account-kinds';
import { serviceNames } from '@/lib/vendor-names';
import { LoginSteps } from './login-steps';
import { ProxyFields } from './proxy-fields';
import { proxyAddress, proxyBody, type ProxyValues } from './proxy-values';

export interface LoginChoice {
  /** Empty: named after its owner. */
  name: string;
  /** The vendor's terms were read. */
  acknowledged: boolean;
  /** Empty: the usual way. */
  mode: string;
  proxy: ProxyValues;
}

interface LoginBeginProps {
  kind: AccountKind;
  account: Account | null;
  choice: LoginChoice;
  onBack?: (() => void) | undefined;
  onPaste: () => void;
  onClose: () => void;
  onBegin: (choice: LoginChoice) => Promise<void>;
}

const FORM_ID = 'login-begin';

export function LoginBegin({ kind, account, choice, onBack, onPaste, onClose, onBegin }: LoginBeginProps) {
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  const texts = useKindTexts();
  const terms = texts.terms(kind);
  const missing = texts.missing(kind);
  const api = useApiForm<LoginChoice>({
    defaultValues: choice,
    schema: async () => (await import('@crs/shared')).api.accounts.authUrl.body,
    toBody: ({ mode, proxy }) => ({ mode: mode === '' ? null : mode, proxy: proxyBody(proxy, null) }),
    submit: onBegin,
  });
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={onClose}
      title={account === null ? t('add') : t('login.againOf', { name: account.name })}
      aside={<Badge>{texts.label(kind)}</Badge>}
      footer={
        <>
          {onBack !== undefined && (
            <Button variant="ghost" onClick={onBack} className="mr-auto">
              {t('otherKind')}
            </Button>
          )}
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={FORM_ID} variant="primary" busy={api.form.formState.isSubmitting}>
            {t('login.continue')}
          </Button>
        </>
      }
    >
      <LoginSteps step="prepare" />
      <Form api={api} id={FORM_ID}>
        <div className="flex flex-col gap-5">
          <p className="text-sm text-text-soft">
            {`${t('login.about', { vendor: serviceNames[kind.service] })} `}
            <button
              type="button"
              onClick={onPaste}
              className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
            >
              {t('login.paste')}
            </button>
          </p>
          {missing !== null && <Alert tone="bad">{texts.setFirst(missing)}</Alert>}
          {terms !== null && account === null && <Terms api={api} terms={terms} />}
          {kind.login !== null && kind.login.modes.length > 0 && <Mode api={api} kind={kind} />}
          {account === null ? (
            <>
              <FormField api={api} name="name" label={t('fields.name')} help={t('login.nameHelp')} optional>
                {(control, field) => <Input {...control} {...field} autoComplete="off" />}
              </FormField>
              <div className="flex flex-col gap-4">
                <ProxyFields api={api} stored={null} />
                <ProxyHint api={api} />
              </div>
            </>
          ) : (
            account.proxy !== null && (
              <p className="text-sm">
                {`${t('login.byItsProxy')} `}
                <code className="break-all font-mono text-xs">{proxyAddress(account.proxy)}</code>
              </p>
            )
          )}
        </div>
      </Form>
    </Dialog>
  );
}

function Terms({ api, terms }: { api: ApiForm<LoginChoice>; terms: string }) {
  const t = useTranslations('accounts');
  return (
    <div className="flex flex-col gap-2">
      <Alert tone="warn" title={t('termsTitle')}>
        <p>{terms}</p>
      </Alert>
      <FormField
        api={api}
        name="acknowledged"
        label={t('login.acknowledge')}
        rules={{ validate: (ticked) => ticked || t('login.acknowledgeFirst') }}
        required
        className="relative pl-6.5"
      >
        {(control, { value, onChange, onBlur, ref }) => (
          <Checkbox
            {...control}
            ref={ref}
            checked={value}
            onChange={onChange}
            onBlur={onBlur}
            className="absolute! top-0.5 left-0"
          />
        )}
      </FormField>
    </div>
  );
}

function ProxyHint({ api }: { api: ApiForm<LoginChoice> }) {
  const t = useTranslations('accounts.proxy');
  const type = useWatch({ control: api.form.control, name: 'proxy.type' });
  return type === '' ? null : <p className="-mt-2 text-muted text-xs">{t('ofLogin')}</p>;
}

function Mode({ api, kind }: { api: ApiForm<LoginChoice>; kind: AccountKind }) {
  const t = useTranslations('accounts.login');
  const texts = useKindTexts();
  const mode = useWatch({ control: api.form.control, name: 'mode' });
  return (
    <FormField
      api={api}
      name="mode"
      label={t('mode')}
      help={mode === '' ? t('usualHelp') : texts.modeHelp(kind, mode)}
    >
      {(control, { value, onChange }) => (
        <div {...control} role="group">
          <SegmentedControl
            label={t('mode')}
            value={value}
            options={[
              { value: '', label: t('usual') },
              ...(kind.login?.modes ?? []).map((other) => ({ value: other, label: texts.mode(kind, other) })),
            ]}
            onChange={onChange}
          />
        </div>
      )}
    </FormField>
  );
}
