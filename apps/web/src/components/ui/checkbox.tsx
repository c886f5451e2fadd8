'use client';
// Owns the box that is ticked and the switch that is flipped. Both are the browser's own control underneath.
import { clsx } from 'clsx';
import { Check, Minus } from 'lucide-react';
import { type Ref, useCallback } from 'react';

interface CheckboxProps {
  checked: boolean;
  /** Some of what it stands for is ticked. */
  indeterminate?: boolean;
  onChange: (checked: boolean) => void;
  onBlur?: () => void;
  disabled?: boolean;
  id?: string;
  name?: string;
  ref?: Ref<HTMLInputElement>;
  className?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: true | undefined;
  'aria-required'?: true | undefined;
}

const inputLook =
  'peer absolute -inset-1.5 cursor-pointer opacity-0 disabled:cursor-not-allowed max-sm:-inset-3.5';
const focusLook =
  'peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-accent peer-disabled:opacity-50';

function assign(ref: Ref<HTMLInputElement> | undefined, element: HTMLInputElement | null): void {
  if (typeof ref === 'function') ref(element);
  else if (ref !== undefined && ref !== null) ref.current = element;
}

export function Checkbox({ indeterminate = false, onChange, className, ref, ...rest }: CheckboxProps) {
  // `indeterminate` exists only as a property of the element.
  const attach = useCallback(
    (element: HTMLInputElement | null) => {
      if (element !== null) element.indeterminate = indeterminate;
      assign(ref, element);
    },
    [indeterminate, ref],
  );
  const filled = rest.checked || indeterminate;
  return (
    <span className={clsx('relative inline-flex size-4 shrink-0 align-middle', className)}>
      <input
        {...rest}
        ref={attach}
        type="checkbox"
        onChange={(event) => onChange(event.target.checked)}
        className={inputLook}
      />
      <span
        aria-hidden
        className={clsx(
          'pointer-events-none grid size-4 place-items-center rounded-[4px] border',
          focusLook,
          filled ? 'border-accent bg-accent text-accent-contrast' : 'border-line-control bg-surface',
        )}
      >
        {indeterminate ? (
          <Minus className="size-3" strokeWidth={3} />
        ) : (
          rest.checked && <Check className="size-3" strokeWidth={3} />
        )}
      </span>
    </span>
  );
}

type SwitchProps = Omit<CheckboxProps, 'indeterminate'>;

/** On or off. */
export function Switch({ onChange, className, ...rest }: SwitchProps) {
  return (
    <span className={clsx('relative inline-flex h-[18px] w-8 shrink-0 align-middle', className)}>
      <input
        {...rest}
        type="checkbox"
        role="switch"
        aria-checked={rest.checked}
        onChange={(event) => onChange(event.target.checked)}
        className={inputLook}
      />
      <span
        aria-hidden
        className={clsx(
          'pointer-events-none flex h-full w-full items-center rounded-full border px-px transition-colors',
          focusLook,
          rest.checked ? 'border-accent bg-accent' : 'border-line-control bg-sunken',
        )}
      >
        <span
          className={clsx(
            'size-3.5 rounded-full transition-transform',
            rest.checked ? 'translate-x-3.5 bg-accent-contrast' : 'bg-line-control',
          )}
        />
      </span>
    </span>
  );
}
