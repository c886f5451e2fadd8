'use client';
// Owns what became of each of many: how many, and which were refused and why.
import type { BatchResult } from '@crs/shared';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { BatchWords } from './batch-words';

type OutcomeWords = Pick<BatchWords, 'failed' | 'reason'>;

export function BatchOutcomes({ result, words }: { result: BatchResult; words: OutcomeWords }) {
  const t = useTranslations('common.batch');
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
          aria-label={words.failed}
          className="max-h-80 divide-y divide-line overflow-y-auto rounded-control border border-line"
        >
          {failed.map(({ id, name, error }) => (
            <li
              key={id}
              className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-1.5 text-sm"
            >
              <span className="min-w-0 truncate font-medium">{name ?? id}</span>
              <span className="text-bad-text text-xs">{error !== null && words.reason(error)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
