'use client';
// Owns the question before an account is deleted; a chunk of its own.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useFormat } from '@/lib/use-format';

interface DeleteAccountProps {
  account: Account;
  onClose: () => void;
  onDelete: (account: Account) => Promise<void>;
}

export default function DeleteAccount({ account, onClose, onDelete }: DeleteAccountProps) {
  const t = useTranslations('accounts');
  const format = useFormat();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('deleteQuestion', { name: account.name })}
      confirmLabel={t('delete')}
      onConfirm={() => onDelete(account)}
    >
      <p>{t('deleteHelp')}</p>
      {account.boundKeys > 0 && (
        <p className="mt-2 font-medium text-warn-text">{t('deleteBound', { count: account.boundKeys })}</p>
      )}
      {account.inFlight > 0 && <p className="mt-2">{t('deleteInFlight', { count: account.inFlight })}</p>}
      <p className="mt-2 text-muted">
        {t('deleteFigures', {
          requests: format.count(account.usage.total.requests),
          cost: format.money(account.usage.total.costNanoUsd),
        })}
      </p>
    </ConfirmDialog>
  );
}
