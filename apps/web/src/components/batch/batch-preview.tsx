'use client';
// Owns the look at a change of many before it is made: what changes on how many, then one by one.
import type { BatchResult } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { countChanges } from './batch-diff';
import type { BatchWords } from './batch-words';

type Result = BatchResult['results'][number];

/** A list that scrolls must do so by keyboard too. */
const scrolledByKeyboard = { role: 'region', tabIndex: 0 };

export function BatchPreview({ result, words }: { result: BatchResult; words: BatchWords }) {
  const t = useTranslations('common.batch');
  const changes = countChanges(result);
  return (
    <div className="flex flex-col gap-4">
      <p aria-live="polite" className="text-sm">
        {words.preview(result)}
      </p>
      {changes.length > 0 && (
        <ul aria-label={t('summary')} className="divide-y divide-line rounded-control border border-line">
          {changes.slice(0, 20).map((change) => (
            <li
              key={JSON.stringify([change.field, change.before])}
              className="flex items-baseline gap-3 px-3 py-2 text-sm"
            >
              <span className="min-w-0 flex-1">
                <FieldChange change={change} words={words} />
              </span>
              <span className="shrink-0 text-muted text-xs">{words.count(change.count)}</span>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary className="cursor-pointer py-1 font-medium text-sm max-sm:py-3">{words.oneByOne}</summary>
        <div
          {...scrolledByKeyboard}
          aria-label={words.oneByOne}
          className="mt-1 max-h-72 overflow-y-auto rounded-control border border-line"
        >
          <ul className="divide-y divide-line">
            {result.results.map((one) => (
              <li key={one.id} className="px-3 py-1.5 text-sm">
                <p className="truncate font-medium">{one.name ?? one.id}</p>
                <One result={one} words={words} />
              </li>
            ))}
          </ul>
        </div>
      </details>
    </div>
  );
}

function One({ result: { error, changes }, words }: { result: Result; words: BatchWords }) {
  const t = useTranslations('common.batch');
  if (error !== null) return <p className="text-bad-text text-xs">{words.reason(error)}</p>;
  if (changes.length === 0) return <p className="text-muted text-xs">{t('staysAsIs')}</p>;
  return changes.map((change) => (
    <p key={change.field} className="text-xs">
      <FieldChange change={change} words={words} />
    </p>
  ));
}

function FieldChange({ change, words }: { change: Result['changes'][number]; words: BatchWords }) {
  const { field, before, after } = change;
  return (
    <>
      <span className="text-muted">{words.name(field)}</span>{' '}
      <del className="text-bad-text decoration-from-font">{words.value(field, before)}</del>
      {' → '}
      <ins className="font-medium text-ok-text no-underline">{words.value(field, after)}</ins>
    </>
  );
}
