'use client';
// Owns the frame of a form control: label, help and error, bound to it for assistive technology.
import { clsx } from 'clsx';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';

/** What the control inside a field must carry. */
export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

export interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Marks the field as one that may stay empty. */
  optional?: boolean;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

export function Field({ label, help, error, required, optional, className, children }: FieldProps) {
  const t = useTranslations('common');
  const id = useId();
  const hasHelp = help !== undefined && help !== null && help !== '';
  const hasError = error !== undefined && error !== null && error !== '';
  const described = [hasError ? `${id}-error` : '', hasHelp ? `${id}-help` : ''].filter(Boolean).join(' ');
  return (
    <div className={clsx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="flex items-baseline gap-1.5 font-medium text-sm text-text">
        {label}
        {optional === true && <span className="font-normal text-muted text-xs">{t('optional')}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': hasError || undefined,
        'aria-required': required === true || undefined,
      })}
      {hasError && (
        <p id={`${id}-error`} className="flex items-start gap-1 text-bad-text text-xs">
          <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span>{error}</span>
        </p>
      )}
      {hasHelp && (
        <div id={`${id}-help`} className="text-muted text-xs">
          {help}
        </div>
      )}
    </div>
  );
}
