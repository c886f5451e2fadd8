// Owns the block that tells something inside a page: a notice, a warning, a failure.
import { clsx } from 'clsx';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';

type AlertTone = 'info' | 'ok' | 'warn' | 'bad';

const looks: Record<AlertTone, { box: string; icon: string }> = {
  info: { box: 'border-info-line bg-info-soft', icon: 'text-info-text' },
  ok: { box: 'border-ok-line bg-ok-soft', icon: 'text-ok-text' },
  warn: { box: 'border-warn-line bg-warn-soft', icon: 'text-warn-text' },
  bad: { box: 'border-bad-line bg-bad-soft', icon: 'text-bad-text' },
};

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const;

interface AlertProps {
  tone?: AlertTone;
  title?: ReactNode;
  /** One action, at the end. */
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

export function Alert({ tone = 'info', title, action, className, children, ref }: AlertProps) {
  const Icon = icons[tone];
  return (
    <div
      ref={ref}
      role={tone === 'bad' ? 'alert' : 'status'}
      tabIndex={ref === undefined ? undefined : -1}
      className={clsx('flex gap-2 rounded-control border px-3 py-2 text-sm', looks[tone].box, className)}
    >
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', looks[tone].icon)} />
      <div className="min-w-0 flex-1 break-words">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}
