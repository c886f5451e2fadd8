'use client';
// Owns the question before a group is deleted. While keys are bound to it there is no question: they are named.
import type { Group } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { notify } from '@/components/ui/notify';
import { Skeleton } from '@/components/ui/skeleton';
import { callApi } from '@/lib/api';
import { KeyLinks } from '@/components/keys/key-links';
import { groupsChanged, useBoundKeys } from './use-groups';

interface DeleteGroupProps {
  group: Group;
  onClose: () => void;
  onDeleted: () => void;
}

export default function DeleteGroup({ group, onClose, onDeleted }: DeleteGroupProps) {
  const t = useTranslations('groups');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const { data: keys, error } = useBoundKeys(group.id);

  async function remove() {
    await callApi((client) => client.groups.remove({ params: { id: group.id } }));
    groupsChanged(queries);
    notify.success(t('notice.deleted', { name: group.name }));
    onDeleted();
  }

  // Where the keys cannot be asked for, the gateway's own refusal names them.
  if (error !== null || keys?.length === 0) {
    return (
      <ConfirmDialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t('deleteQuestion', { name: group.name })}
        confirmLabel={t('delete')}
        onConfirm={remove}
      >
        {t('deleteHelp', { count: group.accountIds.length })}
      </ConfirmDialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('stillBound', { name: group.name })}
      footer={<Button onClick={onClose}>{common('close')}</Button>}
    >
      {keys === undefined ? (
        <Skeleton className="h-16 w-full" />
      ) : (
        <div className="flex flex-col gap-3 text-sm">
          <p>{t('stillBoundHelp', { count: keys.length })}</p>
          <KeyLinks keys={keys} />
        </div>
      )}
    </Dialog>
  );
}
