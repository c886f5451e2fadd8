// Owns the link from a request to what it names: its key, its account.
import Link from 'next/link';
import type { ReactNode } from 'react';

export function EntryLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
    >
      {children}
    </Link>
  );
}
