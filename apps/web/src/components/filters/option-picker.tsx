'use client';
// Owns the choice inside a filter: a field that narrows, the options below it, and free text where that is allowed.
import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useState } from 'react';
import { Input } from '@/components/ui/input';
import type { Named } from '@/lib/named-choices';

interface OptionPickerProps {
  /** What is chosen, e.g. "Model". */
  label: string;
  value: string;
  options: readonly Named[] | undefined;
  onChoose: (value: string) => void;
  /** The gateway narrows by what is typed; without it the options are narrowed here. */
  onSearch?: (text: string) => void;
  /** Text that is no option may be chosen when it fits this. */
  freeText?: RegExp;
}

export function OptionPicker({ label, value, options, onChoose, onSearch, freeText }: OptionPickerProps) {
  const t = useTranslations('common.filter');
  const [text, setText] = useState('');
  const typed = text.trim();
  const shown = (options ?? []).filter(
    (option) =>
      onSearch !== undefined || `${option.label} ${option.value}`.toLowerCase().includes(typed.toLowerCase()),
  );
  const mayUseText =
    freeText?.test(typed) === true &&
    !shown.some((option) => option.value.toLowerCase() === typed.toLowerCase());

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const only = shown.length === 1 ? shown[0]?.value : undefined;
    const chosen = mayUseText ? typed : (shown.find((option) => option.value === typed)?.value ?? only);
    if (chosen !== undefined) onChoose(chosen);
  }

  const optionLook =
    'flex min-h-8 w-full items-center gap-2 rounded-[4px] px-2 py-1 text-left text-sm hover:bg-sunken max-sm:min-h-11';
  return (
    <div className="flex flex-col gap-2">
      <Input
        aria-label={label}
        value={text}
        autoComplete="off"
        spellCheck={false}
        placeholder={freeText === undefined ? t('find') : t('findOrType')}
        onChange={(event) => {
          setText(event.target.value);
          onSearch?.(event.target.value.trim());
        }}
        onKeyDown={onKeyDown}
      />
      <ul aria-label={label} className="-mx-1 max-h-64 overflow-y-auto">
        {mayUseText && (
          <li>
            <button type="button" className={optionLook} onClick={() => onChoose(typed)}>
              {t('use', { text: typed })}
            </button>
          </li>
        )}
        {shown.map((option) => (
          <li key={option.value}>
            <button
              type="button"
              aria-pressed={option.value === value}
              onClick={() => onChoose(option.value)}
              className={clsx(optionLook, option.value === value && 'font-medium')}
            >
              <span className="min-w-0 flex-1 truncate">{option.label}</span>
              {option.value === value && <Check aria-hidden className="size-4 text-accent-text" />}
            </button>
          </li>
        ))}
        {shown.length === 0 && !mayUseText && (
          <li className="px-2 py-2 text-muted text-sm">{options === undefined ? t('loading') : t('none')}</li>
        )}
      </ul>
    </div>
  );
}
