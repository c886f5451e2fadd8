'use client';
// Owns a list of short texts typed one by one: tags, models, addresses. Enter or comma adds, Backspace removes.
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, type Ref, useId, useState } from 'react';

interface TagInputProps {
  value: readonly string[];
  onChange: (value: string[]) => void;
  onBlur?: () => void;
  placeholder?: string;
  suggestions?: readonly string[];
  id?: string;
  ref?: Ref<HTMLInputElement>;
  disabled?: boolean;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: true | undefined;
  'aria-required'?: true | undefined;
}

/** Splits what was typed or pasted into single entries; no empty ones, none twice. */
export function addEntries(present: readonly string[], text: string): string[] {
  const added = text.split(/[,，;；\n\t]/).map((entry) => entry.trim());
  return [...new Set([...present, ...added.filter((entry) => entry !== '')])];
}

export function TagInput({
  value,
  onChange,
  onBlur,
  placeholder,
  suggestions,
  ref,
  ...control
}: TagInputProps) {
  const t = useTranslations('common');
  const [text, setText] = useState('');
  const listId = useId();

  function commit(entry: string) {
    if (entry.trim() !== '') onChange(addEntries(value, entry));
    setText('');
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault();
      commit(text);
    } else if (event.key === 'Backspace' && text === '' && value.length > 0) {
      onChange(value.slice(0, -1));
    }
  }

  return (
    <div className="control flex min-h-8 flex-wrap items-center gap-1 px-1.5 py-1 focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent max-sm:min-h-11">
      {value.map((entry) => (
        <span
          key={entry}
          className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-[4px] border border-line bg-sunken pl-1.5 text-xs"
        >
          <span className="truncate">{entry}</span>
          <button
            type="button"
            aria-label={t('removeEntry', { entry })}
            disabled={control.disabled}
            onClick={() => onChange(value.filter((other) => other !== entry))}
            className="grid size-6 place-items-center rounded-[4px] text-muted hover:text-text"
          >
            <X aria-hidden className="size-3" />
          </button>
        </span>
      ))}
      <input
        {...control}
        ref={ref}
        value={text}
        placeholder={value.length === 0 ? placeholder : undefined}
        list={suggestions === undefined ? undefined : listId}
        onChange={(event) => {
          if (/[,，;；\n]/.test(event.target.value)) commit(event.target.value);
          else setText(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          commit(text);
          onBlur?.();
        }}
        className="h-6 min-w-24 flex-1 max-sm:h-[34px] bg-transparent px-1 outline-none [&::-webkit-calendar-picker-indicator]:hidden!"
      />
      {suggestions !== undefined && (
        <datalist id={listId}>
          {suggestions
            .filter((entry) => !value.includes(entry))
            .map((entry) => (
              <option key={entry} value={entry} />
            ))}
        </datalist>
      )}
    </div>
  );
}
