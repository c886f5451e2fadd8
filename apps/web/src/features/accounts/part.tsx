'use client';
// Owns the frame of one part of an account's details.
import { type ReactNode, useId } from 'react';

export function Part({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="mb-2 flex min-h-7 items-center justify-between gap-3">
        <h3 id={id} className="font-semibold text-sm">
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  );
}
