'use client';
// Owns what a block shows instead of its content: nothing there yet, nothing found, or a failure with a way on.
import { clsx } from 'clsx';
import { CircleAlert, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useErrorText } from '@/lib/errors';
import { Button } from './button';
import { CopyButton } from './copy-button';

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** What this is for. */
  children?: ReactNode;
  /** The one thing to do about it. */
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={clsx('flex flex-col items-center gap-1 px-6 py-14 text-center', className)}>
      {icon !== undefined && (
        <span
          aria-hidden
          className="mb-2 grid size-10 place-items-center rounded-card border border-line bg-sunken text-muted [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <p className="font-medium text-base">{title}</p>
      {children !== undefined && <div className="max-w-[46ch] text-muted text-sm">{children}</div>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

interface ErrorStateProps {
  /** What could not be done, e.g. "The keys could not be loaded". */
  title: string;
  error: unknown;
  onRetry?: () => void;
  className?: string;
}

/** A failed block: what failed, why, the request id to quote, and another try. The page around it stays. */
export function ErrorState({ title, error, onRetry, className }: ErrorStateProps) {
  const t = useTranslations('common');
  const { message, detail, requestId } = useErrorText()(error);
  return (
    <div role="alert" className={clsx('flex flex-col items-center gap-1 px-6 py-12 text-center', className)}>
      <CircleAlert aria-hidden className="mb-1 size-6 text-bad-text" />
      <p className="font-medium text-base">{title}</p>
      <p className="max-w-[60ch] text-muted text-sm">{message}</p>
      {detail !== null && detail !== message && (
        <p lang="en" className="max-w-[60ch] text-muted text-xs">
          {detail}
        </p>
      )}
      {requestId !== null && (
        <p className="inline-flex items-center gap-1 text-muted text-xs">
          {t('requestId')} <code className="font-mono">{requestId}</code>
          <CopyButton text={requestId} label={t('copyRequestId')} />
        </p>
      )}
      {onRetry !== undefined && (
        <Button className="mt-3" icon={<RotateCw />} onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
