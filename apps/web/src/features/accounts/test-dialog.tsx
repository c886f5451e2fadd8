'use client';
// Owns the connection test as a dialog of its own, from the menu of a row; a chunk of its own.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ConnectionTest } from './connection-test';

interface TestDialogProps {
  account: Account;
  onClose: () => void;
  onDone: () => void;
}

export default function TestDialog({ account, onClose, onDone }: TestDialogProps) {
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('test.title', { name: account.name })}
      footer={<Button onClick={onClose}>{common('close')}</Button>}
    >
      <ConnectionTest account={account} autoStart onDone={onDone} />
    </Dialog>
  );
}
