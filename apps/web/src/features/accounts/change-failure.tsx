'use client';
// Owns what is said when the gateway refused a small change: whose, why, and that it is as before. A chunk of its own.
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { IconButton } from '@/components/ui/button';
import { useErrorText } from '@/lib/errors';
import type { AccountChanges } from './use-account-changes';

export default function ChangeFailureAlert({ changes: { failure, dismiss } }: { changes: AccountChanges }) {
  const common = useTranslations('common');
  const errorText = useErrorText();
  if (failure === null) return null;
  const { message, detail, requestId } = errorText(failure.error);
  return (
    <Alert
      tone="bad"
      title={failure.title}
      className="mb-3"
      action={<IconButton label={common('close')} size="iconSmall" icon={<X />} onClick={dismiss} />}
    >
      <p>{message}</p>
      {detail !== null && (
        <p lang="en" className="mt-0.5 font-mono text-xs">
          {detail}
        </p>
      )}
      {requestId !== null && (
        <p className="text-muted text-xs">
          {common('requestId')} <code className="font-mono">{requestId}</code>
        </p>
      )}
    </Alert>
  );
}
