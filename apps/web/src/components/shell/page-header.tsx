'use client';
// Owns the head of a page: its one h1, a line on what it is for, its main actions; and the title of the window.
import { type ReactNode, useEffect } from 'react';
import { useProductName } from '@/lib/branding';

interface PageHeaderProps {
  title: string;
  description?: ReactNode;
  /** Buttons; on phones the main one is repeated at the bottom by the page where it needs one. */
  actions?: ReactNode;
}

export function PageHeader({ title, description, actions }: PageHeaderProps) {
  useWindowTitle(title);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      {/* On phones the actions go below rather than over a title that they leave no room for. */}
      <div className="flex min-w-0 flex-1 items-baseline gap-3 max-sm:min-w-fit">
        <h1 className="min-w-0 shrink-0 font-semibold text-xl leading-8">{title}</h1>
        {description !== undefined && (
          <p className="truncate text-muted text-sm max-md:hidden">{description}</p>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

/** Names the window after the page. */
export function useWindowTitle(title: string): void {
  const product = useProductName();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
