'use client';
// Owns the first cell of a key: its name, which opens it, and as many of its tags as there is room for beside it.
import type { Key } from '@crs/shared';
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Tooltip } from '@/components/ui/tooltip';

const SHOWN_TAGS = 2;

interface KeyNameProps {
  apiKey: Key;
  onOpen: (key: Key) => void;
  onTag: (tag: string) => void;
}

/** Tags that found no room wrap into a line that is cut off; this counts the others. */
function useFitting(count: number) {
  const line = useRef<HTMLSpanElement>(null);
  const [fitting, setFitting] = useState(count);
  useLayoutEffect(() => {
    const element = line.current;
    if (element === null) return undefined;
    const look = () => {
      const top = element.getBoundingClientRect().top;
      const inLine = [...element.children].filter((child) => {
        const box = child.getBoundingClientRect();
        return box.top - top < box.height / 2;
      });
      // The first one stays in the line however narrow it is.
      const isCut = element.scrollWidth > element.clientWidth + 1;
      setFitting(isCut ? 0 : Math.min(count, inLine.length));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, [count]);
  return { line, fitting };
}

export function KeyName({ apiKey: key, onOpen, onTag }: KeyNameProps) {
  const t = useTranslations('keys');
  const offered = key.tags.slice(0, SHOWN_TAGS);
  const { line, fitting } = useFitting(offered.length);
  const hidden = key.tags.slice(fitting);
  return (
    <span className="flex min-w-0 items-center">
      <button
        type="button"
        title={key.description === '' ? key.name : key.description}
        onClick={() => onOpen(key)}
        className={clsx(
          'min-w-0 truncate rounded-[4px] py-0.5 text-left font-medium hover:underline max-sm:py-1 lg:shrink-0',
          key.tags.length > 0 ? 'lg:max-w-[calc(100%-1.375rem)]' : 'lg:max-w-full',
        )}
      >
        {key.name}
      </button>
      <span ref={line} className="flex h-5 min-w-0 flex-wrap overflow-hidden max-lg:hidden">
        {offered.map((tag, index) => (
          <button
            key={tag}
            type="button"
            aria-label={t('filterByTag', { tag })}
            title={t('filterByTag', { tag })}
            onClick={() => onTag(tag)}
            className={clsx(
              'ml-1.5 h-5 max-w-24 shrink-0 rounded-[4px] hover:[&>span]:border-line-control',
              index >= fitting && 'invisible',
            )}
          >
            <Badge>{tag}</Badge>
          </button>
        ))}
      </span>
      {hidden.length > 0 && (
        <Tooltip
          content={hidden.join(', ')}
          className="ml-1 shrink-0 text-muted text-xs max-lg:hidden"
        >{`+${hidden.length}`}</Tooltip>
      )}
    </span>
  );
}
