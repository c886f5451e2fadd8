'use client';
// Owns the choice of one among few, all of them in sight: a radio group in one bar.
import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';

interface SegmentOption<Value extends string> {
  value: Value;
  label: ReactNode;
  icon?: ReactNode;
}

interface SegmentedControlProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly SegmentOption<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      className={clsx('inline-flex w-fit max-w-full rounded-control bg-sunken p-0.5', props.className)}
    >
      {props.options.map((option) => (
        <label
          key={option.value}
          className={clsx(
            'relative inline-flex h-7 cursor-pointer items-center gap-1.5 whitespace-nowrap rounded-[4px] border px-2.5 text-sm transition-colors max-sm:h-10 [&_svg]:size-4',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === props.value
              ? 'border-line-strong bg-surface font-medium text-text'
              : 'border-transparent text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}
