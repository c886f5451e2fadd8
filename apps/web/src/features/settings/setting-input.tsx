'use client';
// Owns how one setting is entered, by what it holds.
import type { SettingField } from '@crs/shared';
import { ImageUp, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import type { FieldControl } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';

interface SettingInputProps {
  control: FieldControl;
  field: SettingField;
  value: unknown;
  disabled: boolean;
  /** In words, for choices and for what stands in an empty field. */
  words: { option: (value: string) => string; empty: string };
  onChange: (value: unknown) => void;
}

export function SettingInput(props: SettingInputProps) {
  switch (props.field.type) {
    case 'number':
      return <NumberInput {...props} field={props.field} />;
    case 'text':
      return <TextInput {...props} field={props.field} />;
    case 'choice':
      return <ChoiceInput {...props} field={props.field} />;
    case 'image':
      return <ImageInput {...props} field={props.field} />;
    case 'colour':
      return <ColourInput {...props} />;
  }
}

type Of<Type extends SettingField['type']> = Omit<SettingInputProps, 'field'> & {
  field: Extract<SettingField, { type: Type }>;
};

function NumberInput({ control, field, value, disabled, words, onChange }: Of<'number'>) {
  const t = useTranslations('settings');
  // What is being typed may not be a number yet.
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (typeof value === 'number' ? String(value) : '');
  return (
    <span className="flex items-center gap-2">
      <Input
        {...control}
        inputMode={field.decimals === true ? 'decimal' : 'numeric'}
        value={shown}
        disabled={disabled}
        placeholder={words.empty}
        autoComplete="off"
        onChange={(event) => {
          const text = event.target.value.trim();
          setTyped(event.target.value);
          if (text === '') onChange(null);
          else if (/^-?\d+([.,]\d+)?$/.test(text)) onChange(Number(text.replace(',', '.')));
        }}
        onBlur={() => setTyped(null)}
        className="w-36! text-right tabular-nums"
      />
      <span className="text-muted text-sm">{t(`units.${field.unit}`)}</span>
    </span>
  );
}

function TextInput({ control, field, value, disabled, words, onChange }: Of<'text'>) {
  const shared = {
    ...control,
    value: typeof value === 'string' ? value : '',
    disabled,
    maxLength: field.maximum,
    placeholder: words.empty,
  };
  const change = (text: string) => onChange(text);
  return field.multiline === true ? (
    <Textarea {...shared} onChange={(event) => change(event.target.value)} className="w-full" />
  ) : (
    <Input {...shared} onChange={(event) => change(event.target.value)} className="w-full" />
  );
}

function ChoiceInput({ control, field, value, disabled, words, onChange }: Of<'choice'>) {
  return (
    <select
      {...control}
      value={String(value)}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
      className="control h-8 w-56 cursor-pointer px-2.5 max-sm:h-11"
    >
      {field.options.map((option) => (
        <option key={option} value={option}>
          {words.option(option)}
        </option>
      ))}
    </select>
  );
}

function ImageInput({ control, value, disabled, onChange }: Of<'image'>) {
  const t = useTranslations('settings');
  const file = useRef<HTMLInputElement>(null);
  return (
    <span className="flex items-center gap-3">
      {typeof value === 'string' && (
        <img
          src={value}
          alt={t('logoPreview')}
          className="size-10 rounded-control border border-line object-contain"
        />
      )}
      <input
        {...control}
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        className="sr-only"
        disabled={disabled}
        tabIndex={-1}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen === undefined) return;
          const reader = new FileReader();
          reader.addEventListener('load', () => onChange(reader.result));
          reader.readAsDataURL(chosen);
          event.target.value = '';
        }}
      />
      <Button icon={<ImageUp aria-hidden />} disabled={disabled} onClick={() => file.current?.click()}>
        {t('chooseImage')}
      </Button>
      {typeof value === 'string' && (
        <IconButton
          label={t('removeImage')}
          icon={<Trash2 />}
          disabled={disabled}
          onClick={() => onChange(null)}
        />
      )}
    </span>
  );
}

const DEFAULT_ACCENT = '#3550c9';

function ColourInput({ control, value, disabled, words, onChange }: SettingInputProps) {
  const t = useTranslations('settings');
  const [typed, setTyped] = useState<string | null>(null);
  const colour = typeof value === 'string' ? value : '';
  return (
    <span className="flex items-center gap-2">
      <input
        type="color"
        aria-label={t('pickColour')}
        value={colour === '' ? DEFAULT_ACCENT : colour}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        className="size-8 shrink-0 cursor-pointer rounded-control border border-line-control bg-surface p-0.5 max-sm:size-11"
      />
      <Input
        {...control}
        value={typed ?? colour}
        disabled={disabled}
        placeholder={words.empty}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          const text = event.target.value.trim();
          setTyped(event.target.value);
          if (text === '') onChange(null);
          else if (/^#[0-9a-f]{6}$/i.test(text)) onChange(text.toLowerCase());
        }}
        onBlur={() => setTyped(null)}
        className="w-36! font-mono"
      />
    </span>
  );
}
