'use client';
// Owns signing in at a vendor: prepare, open the vendor's page and paste what it shows, done. For a new account or for
// one that needs a new login; a chunk of its own.
import type { Account, AccountKind, api as contract, RouteResult } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useKindTexts } from '@/lib/account-kinds';
import { callApi } from '@/lib/api';
import { useFormat } from '@/lib/use-format';
import { AccountReady } from './account-ready';
import { LoginBegin, type LoginChoice } from './login-begin';
import { LoginFinish } from './login-finish';
import { proxyAddress, proxyBody, proxyValues } from './proxy-values';

export type BegunLogin = RouteResult<typeof contract.accounts.authUrl>;

interface LoginWizardProps {
  kind: AccountKind;
  /** The account to sign in again; null adds one. */
  account: Account | null;
  /** What a new account is to be like. */
  template: Account | null;
  /** Back to the choice of the kind. */
  onBack?: (() => void) | undefined;
  /** To giving tokens by hand instead. */
  onPaste: () => void;
  onClose: () => void;
  /** An account is there, or was tested: lists are old. */
  onSaved: () => void;
  onEdit: (account: Account) => void;
}

export default function LoginWizard(props: LoginWizardProps) {
  const { kind, account, template, onBack, onPaste, onClose, onSaved, onEdit } = props;
  const t = useTranslations('accounts');
  const [choice, setChoice] = useState<LoginChoice>({
    name: template === null ? '' : t('duplicate.name', { name: template.name }).slice(0, 100),
    acknowledged: account !== null,
    mode: '',
    proxy: proxyValues(template?.proxy ?? null),
  });
  const [begun, setBegun] = useState<BegunLogin | null>(null);
  const [signedIn, setSignedIn] = useState<Account | null>(null);

  const proxy = account === null ? proxyBody(choice.proxy, null) : account.proxy;
  async function begin(wanted: LoginChoice) {
    const body = {
      mode: wanted.mode === '' ? null : wanted.mode,
      // An account that is there has its own, with a password that is not known here.
      proxy: proxyBody(wanted.proxy, null),
    };
    setBegun(await callApi((client) => client.accounts.authUrl({ params: { kind: kind.kind }, body })));
    setChoice(wanted);
  }

  if (signedIn !== null) {
    return (
      <SignedIn
        account={signedIn}
        isNew={account === null}
        onClose={onClose}
        onTested={onSaved}
        onEdit={onEdit}
      />
    );
  }
  if (begun === null) {
    return (
      <LoginBegin
        kind={kind}
        account={account}
        choice={choice}
        onBack={onBack}
        onPaste={onPaste}
        onClose={onClose}
        onBegin={begin}
      />
    );
  }
  return (
    <LoginFinish
      // What was pasted belongs to the page that was opened.
      key={begun.state}
      kind={kind}
      account={account}
      name={choice.name}
      template={template}
      begun={begun}
      proxy={proxy === null ? null : proxyAddress(proxy)}
      onBack={() => setBegun(null)}
      onAgain={() => begin(choice)}
      onClose={onClose}
      onSignedIn={(ready) => {
        onSaved();
        setSignedIn(ready);
      }}
    />
  );
}

interface SignedInProps {
  account: Account;
  isNew: boolean;
  onClose: () => void;
  onTested: () => void;
  onEdit: (account: Account) => void;
}

function SignedIn({ account, isNew, ...rest }: SignedInProps) {
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const format = useFormat();
  const { subscription, login } = account;
  const ends = login?.expiresAt ?? null;
  const facts = [
    [t('columns.name'), account.name],
    ...(subscription === null ? [] : [[t('subscription'), texts.subscription(subscription)]]),
    ...(ends === null ? [] : [[t('login.tokenEnds'), format.exactTime(ends)]]),
    ...(login === null
      ? []
      : [[t('login.renewal'), login.isRenewable ? t('login.byItself') : t('login.byHand')]]),
  ];
  return (
    <AccountReady
      {...rest}
      account={account}
      title={isNew ? t('addedTitle', { name: account.name }) : t('login.againTitle', { name: account.name })}
      help={isNew ? t('login.addedHelp') : t('login.againHelp')}
    >
      <dl className="mt-1.5 grid w-fit grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-xs">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="break-words font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </AccountReady>
  );
}
