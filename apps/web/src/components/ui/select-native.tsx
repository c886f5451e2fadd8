'use client';
// Owns the small choice drawn by the browser: filters and page sizes, where weight counts.
import { clsx } from 'clsx';

interface NativeSelectProps<Value extends string> {
  /** Its name. */
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  className?: string;
}

/** A small choice drawn by the browser: filters and page sizes, where weight counts. */
export function NativeSelect<Value extends string>(props: NativeSelectProps<Value>) {
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={(event) => {
        const chosen = props.options.find((option) => option.value === event.target.value);
        if (chosen !== undefined) props.onChange(chosen.value);
      }}
      className={clsx('control h-8 w-auto! cursor-pointer pr-1 pl-2 text-sm! max-sm:h-11', props.className)}
    >
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
