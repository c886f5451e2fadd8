'use client';
// Owns the question before what was typed into a form is lost.
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '../ui/confirm-dialog';

interface DiscardDialogProps {
  onStay: () => void;
  onDiscard: () => void;
}

export function DiscardDialog({ onStay, onDiscard }: DiscardDialogProps) {
  const t = useTranslations('common.discard');
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onStay()}
      title={t('title')}
      confirmLabel={t('confirm')}
      onConfirm={async () => onDiscard()}
    >
      {t('help')}
    </ConfirmDialog>
  );
}
