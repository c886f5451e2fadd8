'use client';
// Owns a named part of the details.
import { type ReactNode, useId } from 'react';

interface PartProps {
  title: string;
  description?: string;
  /** At the right of the heading. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Part({ title, description, aside, children }: PartProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 id={id} className="font-semibold text-sm">
          {title}
        </h3>
        {aside}
        {description !== undefined && <p className="w-full text-muted text-xs">{description}</p>}
      </div>
      {children}
    </section>
  );
}
