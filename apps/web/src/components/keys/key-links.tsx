'use client';
// Owns keys that are bound to something, each with the way to it.
import type { Key } from '@crs/shared';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { links } from '@/lib/paths';

export function KeyLinks({ keys }: { keys: readonly Key[] }) {
  return (
    <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-card border border-line">
      {keys.map((key) => (
        <li key={key.id}>
          <Link
            href={links.key(key.id)}
            className="flex min-h-9 items-center gap-2.5 px-3 text-sm hover:bg-hover focus-visible:-outline-offset-2 max-sm:min-h-11"
          >
            <KeyRound aria-hidden className="size-4 shrink-0 text-muted" />
            <span className="min-w-0 flex-1 truncate">{key.name}</span>
            <code className="shrink-0 font-mono text-muted text-xs">{key.hint}</code>
          </Link>
        </li>
      ))}
    </ul>
  );
}
