'use client';
// Owns one-line and many-line text fields, and the password field that can be shown.
import { clsx } from 'clsx';
import { Eye, EyeOff, Search, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentProps, useState } from 'react';
import { IconButton } from './button';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={clsx('control h-8 px-2.5 max-sm:h-11', className)} />;
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea {...rest} rows={rows} className={clsx('control min-h-16 resize-y px-2.5 py-1.5', className)} />
  );
}

export function PasswordInput({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const t = useTranslations('common.password');
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        type={shown ? 'text' : 'password'}
        className={clsx('pr-9 max-sm:pr-12', className)}
      />
      <IconButton
        label={shown ? t('hide') : t('show')}
        aria-pressed={shown}
        size="iconSmall"
        icon={shown ? <EyeOff /> : <Eye />}
        onClick={() => setShown(!shown)}
        className="absolute top-1/2 right-0.5 -translate-y-1/2"
      />
    </span>
  );
}

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  /** Its name; also the placeholder unless one is given. */
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** The search field of a page; the key `/` leads here. */
export function SearchInput({ label, value, onChange, className, ...rest }: SearchInputProps) {
  const t = useTranslations('common');
  return (
    <span className={clsx('relative block', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
      />
      <Input
        placeholder={label}
        {...rest}
        type="search"
        aria-label={label}
        data-page-search=""
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value !== '' && (
        <IconButton
          label={t('clearSearch')}
          size="iconSmall"
          icon={<X />}
          onClick={() => onChange('')}
          className="absolute top-1/2 right-0.5 -translate-y-1/2"
        />
      )}
    </span>
  );
}
