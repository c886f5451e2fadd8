// Owns the one box of a page: a border and a heading. Boxes are not put into boxes.
import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';

interface PanelProps {
  title?: ReactNode;
  description?: ReactNode;
  /** At the right of the heading. */
  actions?: ReactNode;
  /** Without inner space, for tables and lists. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, description, actions, flush = false, className, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={clsx('min-w-0 rounded-card border border-line bg-surface', className)}
    >
      {title !== undefined && (
        <div className={clsx('flex flex-wrap items-center gap-x-3 px-4 pt-3', flush ? 'pb-3' : 'pb-0')}>
          <div className="min-w-0 flex-1">
            <h2 id={id} className="font-semibold text-base">
              {title}
            </h2>
            {description !== undefined && <p className="text-muted text-sm">{description}</p>}
          </div>
          {actions}
        </div>
      )}
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  );
}
