'use client';
// Owns the question before a key is deleted for good; it asks for the name.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useFormat } from '@/lib/use-format';

interface PurgeDialogProps {
  apiKey: Key;
  onClose: () => void;
  onPurge: (key: Key) => Promise<void>;
}

export default function PurgeDialog({ apiKey: key, onClose, onPurge }: PurgeDialogProps) {
  const t = useTranslations('keys.purge');
  const format = useFormat();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { name: key.name })}
      confirmLabel={t('confirm')}
      typeToConfirm={key.name}
      onConfirm={() => onPurge(key)}
    >
      {t('help', {
        requests: format.count(key.usage.total.requests),
        spend: format.money(key.usage.total.costNanoUsd),
      })}
    </ConfirmDialog>
  );
}
