'use client';
// Owns adding and changing an account: choose a kind, fill in, and for a new one the connection test right after.
import type { Account, AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button, LinkButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState } from '@/components/ui/states';
import { links } from '@/lib/paths';
import { AccountForm } from './account-form';
import type { AccountKinds } from '@/lib/account-kinds';
import { ConnectionTest } from './connection-test';
import { KindPicker } from './kind-picker';

interface AccountDialogProps {
  kinds: AccountKinds;
  /** The account to change; null adds one. */
  account: Account | null;
  onClose: () => void;
  /** Something was saved or tested: lists are old. */
  onSaved: () => void;
}

export default function AccountDialog({ kinds, account, onClose, onSaved }: AccountDialogProps) {
  const t = useTranslations('accounts');
  const [chosen, setChosen] = useState<AccountKind | null>(null);
  const [added, setAdded] = useState<Account | null>(null);
  const kind = account === null ? chosen : kinds.find(account.kind);

  if (added !== null) return <Added account={added} onClose={onClose} onTested={onSaved} />;
  if (kind === undefined || kind === null) {
    return (
      <Dialog
        open
        size="lg"
        onOpenChange={onClose}
        title={account === null ? t('add') : t('editTitle', { name: account.name })}
        description={account === null ? t('kindHelp') : undefined}
      >
        {kinds.error === null ? (
          <KindPicker kinds={kinds.items} onChoose={setChosen} />
        ) : (
          <ErrorState title={t('kindsFailed')} error={kinds.error} onRetry={() => void kinds.refetch()} />
        )}
      </Dialog>
    );
  }
  return (
    <AccountForm
      kind={kind}
      account={account}
      onBack={account === null ? () => setChosen(null) : undefined}
      onClose={onClose}
      onSaved={(saved) => {
        onSaved();
        if (account === null) setAdded(saved);
        else onClose();
      }}
    />
  );
}

function Added({
  account,
  onClose,
  onTested,
}: {
  account: Account;
  onClose: () => void;
  onTested: () => void;
}) {
  const t = useTranslations('accounts');
  const [works, setWorks] = useState(false);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={onClose}
      title={t('addedTitle', { name: account.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('done')}</Button>
          {works && (
            <LinkButton href={links.newKey} variant="primary">
              {t('toKeys')}
            </LinkButton>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Alert tone="info">{t('addedHelp')}</Alert>
        <ConnectionTest
          account={account}
          autoStart
          onDone={(result) => {
            setWorks(result.ok);
            onTested();
          }}
        />
      </div>
    </Dialog>
  );
}
