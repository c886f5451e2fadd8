'use client';
// Owns what opens above a list or a page of accounts for one of them; each a chunk of its own.
import type { Account } from '@crs/shared';
import { lazy, Suspense } from 'react';
import type { AccountKinds } from '@/lib/account-kinds';
import type { AccountChanges } from './use-account-changes';

const AccountDialog = lazy(() => import('./account-dialog'));
const DeleteAccount = lazy(() => import('./delete-account'));
const PauseDialog = lazy(() => import('./pause-dialog'));
const TestDialog = lazy(() => import('./test-dialog'));

export interface AccountAbove {
  what: 'edit' | 'login' | 'test' | 'pause' | 'duplicate' | 'delete';
  account: Account;
}

interface AccountDialogsProps {
  above: AccountAbove | null;
  kinds: AccountKinds;
  changes: AccountChanges;
  onAbove: (above: AccountAbove | null) => void;
  onDeleted: (account: Account) => void;
}

export function AccountDialogs({ above, kinds, changes, onAbove, onDeleted }: AccountDialogsProps) {
  if (above === null) return null;
  const { what, account } = above;
  const close = () => onAbove(null);
  return (
    <Suspense>
      {(what === 'edit' || what === 'login' || what === 'duplicate') && (
        <AccountDialog
          key={what}
          kinds={kinds}
          account={what === 'duplicate' ? null : account}
          template={what === 'duplicate' ? account : null}
          signsIn={what === 'duplicate' ? undefined : what === 'login'}
          onClose={close}
          onSaved={changes.reload}
          onEdit={(edited) => onAbove({ what: 'edit', account: edited })}
        />
      )}
      {what === 'test' && <TestDialog account={account} onClose={close} onDone={changes.reload} />}
      {what === 'pause' && (
        <PauseDialog
          accounts={[account]}
          onClose={close}
          onPause={async (until) => {
            close();
            await changes.pause(account, until);
          }}
        />
      )}
      {what === 'delete' && (
        <DeleteAccount
          account={account}
          onClose={close}
          onDelete={async () => {
            await changes.remove(account);
            onDeleted(account);
          }}
        />
      )}
    </Suspense>
  );
}
