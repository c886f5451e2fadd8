'use client';
// Owns the first cell of a key: its name, which opens it, and its first tags.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';

const SHOWN_TAGS = 2;

interface KeyNameProps {
  apiKey: Key;
  onOpen: (key: Key) => void;
  onTag: (tag: string) => void;
}

export function KeyName({ apiKey: key, onOpen, onTag }: KeyNameProps) {
  const t = useTranslations('keys');
  const hidden = key.tags.slice(SHOWN_TAGS);
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <button
        type="button"
        title={key.description === '' ? undefined : key.description}
        onClick={() => onOpen(key)}
        className="min-w-0 truncate rounded-[4px] py-0.5 text-left font-medium hover:underline max-sm:py-1"
      >
        {key.name}
      </button>
      {key.tags.slice(0, SHOWN_TAGS).map((tag) => (
        <button
          key={tag}
          type="button"
          aria-label={t('filterByTag', { tag })}
          title={t('filterByTag', { tag })}
          onClick={() => onTag(tag)}
          className="max-w-24 shrink-0 rounded-[4px] hover:[&>span]:border-line-control max-lg:hidden"
        >
          <Badge>{tag}</Badge>
        </button>
      ))}
      {hidden.length > 0 && (
        <span title={hidden.join(', ')} className="shrink-0 text-muted text-xs max-lg:hidden">
          {`+${hidden.length}`}
        </span>
      )}
    </span>
  );
}
