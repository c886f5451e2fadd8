'use client';
// Owns what is said when the gateway refused a small change: what, why, and that nothing was changed.
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { IconButton } from '@/components/ui/button';
import { useErrorText } from '@/lib/errors';
import type { KeyChanges } from './use-key-changes';

export function ChangeFailureAlert({ changes: { failure, dismiss } }: { changes: KeyChanges }) {
  const t = useTranslations('common');
  const errorText = useErrorText();
  if (failure === null) return null;
  const { message, requestId } = errorText(failure.error);
  return (
    <Alert
      tone="bad"
      title={failure.title}
      className="mb-3"
      action={<IconButton label={t('close')} size="iconSmall" icon={<X />} onClick={dismiss} />}
    >
      <p>{message}</p>
      {requestId !== null && (
        <p className="text-muted text-xs">
          {t('requestId')} <code className="font-mono">{requestId}</code>
        </p>
      )}
    </Alert>
  );
}
