'use client';
// Owns the second step of a login at a vendor: open its page, paste what it shows, and what the gateway says of that.
import type { Account, AccountKind } from '@crs/shared';
import { ExternalLink, QrCode, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { DiscardDialog } from '@/components/form/discard-dialog';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { ExternalButton } from '@/components/ui/external-button';
import { Input } from '@/components/ui/input';
import { Popover } from '@/components/ui/popover';
import { Countdown } from '@/components/ui/time';
import { useKindTexts } from '@/lib/account-kinds';
import { callApi, isApiError } from '@/lib/api';
import { useNow } from '@/lib/use-now';
import { serviceNames } from '@/lib/vendor-names';
import { type LoginRefusal, readLoginRefusal } from './login-refusal';
import { LoginSteps } from './login-steps';
import type { BegunLogin } from './login-wizard';

const QrImage = lazy(() => import('@/components/ui/qr-image'));

interface LoginFinishProps {
  kind: AccountKind;
  account: Account | null;
  /** Of the new account; empty: named after its owner. */
  name: string;
  /** What a new account is to be like. */
  template: Account | null;
  begun: BegunLogin;
  /** Address of the proxy, null where there is none. */
  proxy: string | null;
  onBack: () => void;
  /** Begins the login anew, with a new page. */
  onAgain: () => Promise<void>;
  onClose: () => void;
  onSignedIn: (account: Account) => void;
}

const FORM_ID = 'login-finish';

export function LoginFinish(props: LoginFinishProps) {
  const { kind, account, name, template, begun, proxy, onBack, onAgain, onClose, onSignedIn } = props;
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  const texts = useKindTexts();
  const isOver = useNow(1000) >= Date.parse(begun.expiresAt);
  const [refusal, setRefusal] = useState<LoginRefusal | null>(null);
  const [asking, setAsking] = useState(false);
  const isSpent = isOver || refusal?.isSpent === true;

  const api = useApiForm<{ code: string }>({
    defaultValues: { code: '' },
    async submit({ code }) {
      const named = name.trim() === '' ? {} : { name: name.trim() };
      const body = {
        state: begun.state,
        code: code.trim(),
        ...(account === null ? { ...copiedFields(template), ...named } : { accountId: account.id }),
      };
      try {
        onSignedIn(
          await callApi((client) => client.accounts.exchange({ params: { kind: kind.kind }, body })),
        );
      } catch (error) {
        const read = isApiError(error) ? readLoginRefusal(error.problem) : null;
        if (read === null) throw error;
        setRefusal(read);
        api.form.setError(
          'code',
          { type: 'server', message: t(`login.refusal.${read.name}`) },
          { shouldFocus: true },
        );
      }
    },
  });
  const { isSubmitting } = api.form.formState;
  useUnsavedWarning(!isSubmitting);

  return (
    <>
      <Dialog
        open
        size="lg"
        onOpenChange={() => setAsking(true)}
        title={account === null ? t('add') : t('login.againOf', { name: account.name })}
        aside={<Badge>{texts.label(kind)}</Badge>}
        footer={
          <>
            <Button variant="ghost" onClick={onBack} className="mr-auto">
              {t('login.back')}
            </Button>
            <Button onClick={() => setAsking(true)}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting} disabled={isSpent}>
              {t('login.finish')}
            </Button>
          </>
        }
      >
        <LoginSteps step="signIn" />
        <Form api={api} id={FORM_ID}>
          <ol className="flex flex-col gap-6">
            <Task number={1} title={t('login.open', { vendor: serviceNames[kind.service] })}>
              <p className="text-sm text-text-soft">{t('login.openHelp')}</p>
              <div className="flex flex-wrap items-center gap-2">
                <ExternalButton
                  href={begun.url}
                  variant={isSpent ? 'secondary' : 'primary'}
                  icon={<ExternalLink />}
                >
                  {t('login.openPage')}
                </ExternalButton>
                <CopyButton text={begun.url} label={t('login.copyPage')} withText />
                {!isSpent && (
                  <Popover
                    title={t('login.qrTitle')}
                    trigger={<Button icon={<QrCode aria-hidden />}>{t('login.qr')}</Button>}
                  >
                    <Suspense fallback={<span className="block size-60" />}>
                      <QrImage text={begun.url} label={t('login.qrTitle')} />
                    </Suspense>
                    <p className="mt-2 max-w-60 text-muted text-xs">{t('login.qrHelp')}</p>
                  </Popover>
                )}
                {!isSpent && (
                  <span className="text-muted text-sm">
                    {t('login.goodFor')} <Countdown at={begun.expiresAt} className="font-medium text-text" />
                  </span>
                )}
              </div>
              {isSpent && <BeginAnew isOver={isOver} onAgain={onAgain} />}
              {proxy !== null && (
                <p className="text-muted text-xs">
                  {t('login.proxyHint')} <code className="break-all font-mono">{proxy}</code>
                </p>
              )}
            </Task>
            <Task number={2} title={t('login.pasteTitle')}>
              <FormField
                api={api}
                name="code"
                label={t('login.code')}
                help={
                  <>
                    {refusal?.quote !== null && refusal !== null && (
                      <span lang="en" className="mb-1 block break-words font-mono text-text-soft">
                        {refusal.quote}
                      </span>
                    )}
                    {texts.paste(kind) ?? t('login.codeHelp')}
                  </>
                }
                rules={{ validate: (code) => code.trim() !== '' || t('login.codeMissing') }}
                required
              >
                {(control, { onChange, ...field }) => (
                  <Input
                    {...control}
                    {...field}
                    onChange={(event) => {
                      setRefusal((known) => (known?.isSpent === true ? known : null));
                      onChange(event);
                    }}
                    autoComplete="off"
                    autoCapitalize="none"
                    spellCheck={false}
                    className="font-mono text-sm"
                  />
                )}
              </FormField>
            </Task>
          </ol>
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}

/** What an account has of another one it is a copy of; its proxy was given at the beginning of the login. */
function copiedFields(template: Account | null) {
  if (template === null) return {};
  return {
    description: template.description,
    priority: template.priority,
    weight: template.weight,
    maxConcurrency: template.maxConcurrency,
    models: template.models,
    clients: template.clients,
    enabled: template.enabled,
    shared: template.shared,
    groupIds: template.groupIds,
    dailyUsd: template.dailyUsd,
    expiresAt: template.expiresAt,
    serviceHours: template.serviceHours,
  };
}

function Task({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex flex-col gap-2">
      <h3 className="font-semibold text-sm">{`${number}. ${title}`}</h3>
      {children}
    </li>
  );
}

/** The page is used up: another one, with the same choices. */
function BeginAnew({ isOver, onAgain }: { isOver: boolean; onAgain: () => Promise<void> }) {
  const t = useTranslations('accounts.login');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  async function again() {
    setBusy(true);
    setFailed(false);
    try {
      await onAgain();
    } catch {
      setFailed(true);
      setBusy(false);
    }
  }

  return (
    <Alert
      tone="warn"
      title={isOver ? t('over') : t('spent')}
      action={
        <Button size="sm" icon={<RotateCw />} busy={busy} onClick={() => void again()}>
          {t('again')}
        </Button>
      }
    >
      <p>{failed ? t('againFailed') : t('againHelp')}</p>
    </Alert>
  );
}
