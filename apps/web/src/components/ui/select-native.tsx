'use client';
// Owns the small choice drawn by the browser: filters and page sizes, where weight counts.
import { clsx } from 'clsx';
import { ChevronDown } from 'lucide-react';

interface NativeSelectProps<Value extends string> {
  /** Its name. */
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  small?: boolean;
  className?: string;
}

/** A small choice drawn by the browser: filters and page sizes, where weight counts. */
export function NativeSelect<Value extends string>(props: NativeSelectProps<Value>) {
  return (
    <span className={clsx('relative inline-flex', props.className)}>
      <select
        aria-label={props.label}
        value={props.value}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) props.onChange(chosen.value);
        }}
        className={clsx(
          'control cursor-pointer appearance-none pr-7 pl-2.5',
          props.small === true ? 'h-7 text-xs!' : 'h-8 text-sm! max-sm:h-11 max-sm:text-lg!',
        )}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
