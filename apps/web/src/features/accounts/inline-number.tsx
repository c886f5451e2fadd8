'use client';
// Owns a number that is changed where it stands: Enter or leaving takes it, Escape gives it up.
import { clsx } from 'clsx';
import { type KeyboardEvent, useState } from 'react';

interface InlineNumberProps {
  /** Name, e.g. "Priority of main". */
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** The number typed, or null when it is none between the limits. */
export function readNumber(text: string, min: number, max: number): number | null {
  const value = Number(text.trim());
  return /^\d+$/.test(text.trim()) && value >= min && value <= max ? value : null;
}

export function InlineNumber({ label, value, min, max, onChange }: InlineNumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? value : readNumber(draft, min, max);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Enter') event.currentTarget.blur();
    if (event.key === 'Escape') {
      event.stopPropagation();
      setDraft(null);
      // After the draft is gone, or leaving would take it.
      requestAnimationFrame(
        () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      );
    }
  }

  return (
    <input
      aria-label={label}
      title={label}
      inputMode="numeric"
      value={draft ?? String(value)}
      aria-invalid={typed === null || undefined}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (draft !== null && typed !== null && typed !== value) onChange(typed);
        setDraft(null);
      }}
      className={clsx(
        '-mr-1.5 h-7 w-12 rounded-[4px] border border-transparent bg-transparent px-1.5 text-right text-sm hover:border-line-control focus-visible:border-accent focus-visible:bg-surface focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent max-sm:h-9',
        typed === null && 'border-bad! outline-bad!',
      )}
    />
  );
}
