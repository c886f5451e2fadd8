'use client';
// Owns the field for a moment: the browser's own date and time picker, in the reader's zone; ISO time outside.
import type { ComponentProps } from 'react';
import { Input } from './input';

interface DateTimeInputProps extends Omit<ComponentProps<'input'>, 'type' | 'value' | 'onChange'> {
  /** ISO time; empty for none. */
  value: string;
  onChange: (iso: string) => void;
}

/** ISO time -> `2030-01-31T12:00` in the reader's zone; empty for what is no time. */
export function toLocalInput(iso: string): string {
  const date = new Date(iso);
  if (iso === '' || Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** `2030-01-31T12:00` of the reader's zone -> ISO time; empty for what is no time. */
export function fromLocalInput(text: string): string {
  const date = new Date(text);
  return text === '' || Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

export function DateTimeInput({ value, onChange, ...rest }: DateTimeInputProps) {
  return (
    <Input
      {...rest}
      type="datetime-local"
      value={toLocalInput(value)}
      onChange={(event) => onChange(fromLocalInput(event.target.value))}
    />
  );
}
