'use client';
// Owns adding and changing an account: choose a kind, sign in at the vendor or fill in a form, and for a new one the
// connection test right after.
import type { Account, AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { AccountKinds } from '@/lib/account-kinds';
import { AccountReady } from './account-ready';
import { KindPicker } from './kind-picker';

const AccountForm = lazy(() => import('./account-form'));
const LoginWizard = lazy(() => import('./login-wizard'));

interface AccountDialogProps {
  kinds: AccountKinds;
  /** The account to change; null adds one. */
  account: Account | null;
  /** What a new one is to be like; its credential is asked for. */
  template?: Account | null;
  /** Begins with signing in at the vendor, where the kind has that. */
  signsIn?: boolean | undefined;
  onClose: () => void;
  /** Something was saved or tested: lists are old. */
  onSaved: () => void;
  onEdit: (account: Account) => void;
}

export default function AccountDialog(props: AccountDialogProps) {
  const { kinds, account, template = null, signsIn = account === null, onClose, onSaved, onEdit } = props;
  const t = useTranslations('accounts');
  const [chosen, setChosen] = useState<AccountKind | null>(null);
  // A copy may go either way: its settings are the same, its credential is another one.
  const [isPasting, setIsPasting] = useState(!signsIn);
  const [added, setAdded] = useState<Account | null>(null);
  const present = account ?? template;
  const kind = present === null ? chosen : kinds.find(present.kind);
  const title =
    account !== null
      ? t('editTitle', { name: account.name })
      : template === null
        ? t('add')
        : t('duplicate.title', { name: template.name });

  if (added !== null) {
    return (
      <AccountReady
        account={added}
        title={t('addedTitle', { name: added.name })}
        help={t('addedHelp')}
        autoTest
        onClose={onClose}
        onTested={onSaved}
      />
    );
  }
  if (kind === undefined || kind === null) {
    return (
      <Dialog
        open
        size="lg"
        onOpenChange={onClose}
        title={title}
        description={account === null ? t('kindHelp') : undefined}
      >
        {kinds.error === null ? (
          <KindPicker
            kinds={kinds.items}
            onChoose={(next) => {
              setChosen(next);
              setIsPasting(next.login === null);
            }}
          />
        ) : (
          <ErrorState title={t('kindsFailed')} error={kinds.error} onRetry={() => void kinds.refetch()} />
        )}
      </Dialog>
    );
  }
  const onBack = present === null ? () => setChosen(null) : undefined;
  return (
    <Suspense
      fallback={
        <Dialog open size="lg" onOpenChange={onClose} title={title}>
          <Skeleton className="h-96 w-full" />
        </Dialog>
      }
    >
      {kind.login !== null && !isPasting ? (
        <LoginWizard
          kind={kind}
          account={account}
          template={template}
          onBack={onBack}
          onPaste={() => setIsPasting(true)}
          onClose={onClose}
          onSaved={onSaved}
          onEdit={onEdit}
        />
      ) : (
        <AccountForm
          kind={kind}
          account={account}
          template={template}
          onBack={onBack}
          onSignIn={kind.login === null ? undefined : () => setIsPasting(false)}
          onClose={onClose}
          onSaved={(saved) => {
            onSaved();
            if (account === null) setAdded(saved);
            else onClose();
          }}
        />
      )}
    </Suspense>
  );
}
