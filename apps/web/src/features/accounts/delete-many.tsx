'use client';
// Owns the question before several accounts are deleted, and what became of each; a chunk of its own.
import type { Account, BatchResult } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BatchOutcomes } from '@/components/batch/batch-outcomes';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { useFormat } from '@/lib/use-format';
import { useBatchWords } from './use-batch-words';

interface DeleteManyProps {
  accounts: readonly Account[];
  /** With the accounts that were refused. */
  onDeleted: (left: readonly Account[]) => void;
  onClose: () => void;
}

export default function DeleteMany({ accounts, onDeleted, onClose }: DeleteManyProps) {
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  const format = useFormat();
  const words = useBatchWords();
  const [asked] = useState(accounts);
  const [result, setResult] = useState<BatchResult | null>(null);
  const bound = asked.filter(({ boundKeys }) => boundKeys > 0).length;
  const sum = (of: (account: Account) => number) => asked.reduce((all, account) => all + of(account), 0);

  async function remove() {
    const ids = asked.map(({ id }) => id);
    const answer = await callApi((client) => client.accounts.removeMany({ body: { ids } }));
    if (answer.changed > 0) notify.success(t('notice.deletedMany', { count: answer.changed }));
    if (answer.failed === 0) {
      onClose();
      onDeleted([]);
    } else {
      setResult(answer);
    }
  }

  function leave() {
    const refused = new Set(result?.results.flatMap(({ id, error }) => (error === null ? [] : [id])));
    onClose();
    onDeleted(asked.filter(({ id }) => refused.has(id)));
  }

  if (result !== null) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && leave()}
        title={t('bulk.deleteTitle', { count: asked.length })}
        footer={
          <Button variant="primary" onClick={leave}>
            {common('close')}
          </Button>
        }
      >
        <BatchOutcomes result={result} words={words} />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('bulk.deleteTitle', { count: asked.length })}
      confirmLabel={t('bulk.deleteConfirm', { count: asked.length })}
      onConfirm={remove}
    >
      <p>{t('bulk.deleteHelp')}</p>
      {bound > 0 && (
        <p className="mt-2 font-medium text-warn-text">{t('bulk.deleteBound', { count: bound })}</p>
      )}
      {sum(({ inFlight }) => inFlight) > 0 && (
        <p className="mt-2">{t('deleteInFlight', { count: sum(({ inFlight }) => inFlight) })}</p>
      )}
      <p className="mt-2 text-muted">
        {t('deleteFigures', {
          requests: format.count(sum(({ usage }) => usage.total.requests)),
          cost: format.money(sum(({ usage }) => usage.total.costNanoUsd)),
        })}
      </p>
    </ConfirmDialog>
  );
}
