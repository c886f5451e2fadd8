'use client';
// Owns what became of each of many keys: how many, and which were refused and why.
import type { BatchResult } from '@crs/shared';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';

export function BatchOutcomes({ result }: { result: BatchResult }) {
  const t = useTranslations('keys.batch');
  const reasonOf = useReason();
  const failed = result.results.filter(({ error }) => error !== null);
  return (
    <div className="flex flex-col gap-3">
      <p aria-live="polite" className="flex items-center gap-2 text-sm">
        {failed.length === 0 ? (
          <CircleCheck aria-hidden className="size-4 text-ok-text" />
        ) : (
          <CircleAlert aria-hidden className="size-4 text-warn-text" />
        )}
        {t('result', { changed: result.changed, unchanged: result.unchanged, failed: result.failed })}
      </p>
      {failed.length > 0 && (
        <ul
          aria-label={t('failed')}
          className="max-h-80 divide-y divide-line overflow-y-auto rounded-control border border-line"
        >
          {failed.map(({ id, name, error }) => (
            <li
              key={id}
              className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-1.5 text-sm"
            >
              <span className="min-w-0 truncate font-medium">{name ?? id}</span>
              <span className="text-bad-text text-xs">{error !== null && reasonOf(error)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A refusal in the reader's language where its code has words of its own here. */
export function useReason(): (error: { code: string; detail: string }) => string {
  const t = useTranslations('keys.batch');
  return ({ code, detail }) => (t.has(`reasons.${code}` as never) ? t(`reasons.${code}` as never) : detail);
}
