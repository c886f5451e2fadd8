'use client';
// Owns the drawing of a JSON Schema as fields of a form. Labels come from the messages of the account kind; the
// schema's own words stand in where there are none.
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { FormField } from '../form/form';
import type { ApiForm } from '../form/use-api-form';
import { Button, IconButton } from '../ui/button';
import { Switch } from '../ui/checkbox';
import { DateTimeInput } from '../ui/date-time-input';
import type { FieldControl } from '../ui/field';
import { Input, PasswordInput, Textarea } from '../ui/input';
import { SegmentedControl } from '../ui/segmented-control';
import { Select } from '../ui/select';
import { TagInput } from '../ui/tag-input';
import type { SchemaField, SchemaVariant } from './describe';

interface SchemaFieldsProps<Values extends FieldValues> {
  api: ApiForm<Values>;
  /** Where the values lie in the form, e.g. `settings`. */
  prefix: FieldPath<Values>;
  /** Account kind, for the labels. */
  kind: string;
  variants: readonly SchemaVariant[];
  /** Index of the variant in use; kept by the caller, who needs it to build the body. */
  variant: number;
  onVariantChange: (index: number) => void;
  /** Leaves every field optional: an edit that keeps what is not typed again. */
  partial?: boolean;
}

export function SchemaFields<Values extends FieldValues>(props: SchemaFieldsProps<Values>) {
  const { api, prefix, kind, variants, variant, onVariantChange, partial = false } = props;
  const t = useTranslations('kinds');
  const label = useFieldLabels(kind);
  const fields = (variants[variant]?.fields ?? []).filter((field) => field.kind !== 'constant');
  if (fields.length === 0 && variants.length < 2) return null;
  return (
    <div className="flex flex-col gap-4">
      {variants.length > 1 && (
        <SegmentedControl
          label={t('variant')}
          value={String(variant)}
          options={variants.map((choice, index) => ({
            value: String(index),
            label: label.variant(choice),
          }))}
          onChange={(value) => onVariantChange(Number(value))}
        />
      )}
      {fields.map((field) => (
        <FormField
          key={field.name}
          api={api}
          name={`${prefix}.${field.name}` as FieldPath<Values>}
          label={label.title(field)}
          help={label.help(field)}
          required={field.required && !partial}
          optional={!field.required && !partial && field.kind !== 'boolean'}
          {...(field.required && !partial ? { rules: { required: t('required') } } : {})}
        >
          {(control, { value, onChange, ...rest }) => (
            <SchemaControl field={field} control={control} value={value} onChange={onChange} {...rest} />
          )}
        </FormField>
      ))}
    </div>
  );
}

/** Labels by `kinds.<kind>.<field>`, then `kinds.fields.<field>`, then the schema's words. */
function useFieldLabels(kind: string) {
  const t = useTranslations('kinds');
  const find = (names: readonly string[]) => {
    const known = names.find((name) => t.has(name as never));
    return known === undefined ? '' : t(known as never);
  };
  return {
    title: (field: SchemaField) =>
      find([`${kind}.${field.name}`, `fields.${field.name}`]) || field.title || field.name,
    help: (field: SchemaField) =>
      find([`${kind}.${field.name}Help`, `fields.${field.name}Help`]) || field.description || undefined,
    variant: (choice: SchemaVariant) => find([`variants.${choice.title}`]) || choice.title,
  };
}

interface SchemaControlProps {
  field: SchemaField;
  control: FieldControl;
  value: unknown;
  onChange: (value: unknown) => void;
  onBlur: () => void;
  ref: (element: HTMLElement | null) => void;
  name: string;
}

function SchemaControl({
  field,
  control,
  value,
  onChange,
  onBlur,
  ref,
  name,
}: SchemaControlProps): ReactNode {
  const text = typeof value === 'string' ? value : '';
  const typed = {
    ...control,
    ref,
    name,
    onBlur,
    value: text,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  switch (field.kind) {
    case 'constant':
      return null;
    case 'string':
      return <Input {...typed} autoComplete="off" spellCheck={false} />;
    case 'uri':
      return <Input {...typed} type="url" inputMode="url" autoComplete="off" className="font-mono text-sm" />;
    case 'password':
      return <PasswordInput {...typed} autoComplete="new-password" />;
    case 'time':
      return (
        <DateTimeInput
          {...control}
          ref={ref}
          name={name}
          value={text}
          onChange={onChange}
          onBlur={onBlur}
          className="max-w-60"
        />
      );
    case 'number':
      return (
        <Input
          {...typed}
          inputMode={field.integer ? 'numeric' : 'decimal'}
          min={field.minimum ?? undefined}
          max={field.maximum ?? undefined}
          className="max-w-40"
        />
      );
    case 'enum':
      return (
        <Select
          {...control}
          ref={ref}
          value={text}
          options={field.options.map((option) => ({ value: option, label: option }))}
          onChange={onChange}
          onBlur={onBlur}
        />
      );
    case 'boolean':
      return <Switch {...control} ref={ref} checked={value === true} onChange={onChange} />;
    case 'list':
      return (
        <TagInput
          {...control}
          ref={ref}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
          onBlur={onBlur}
        />
      );
    case 'map':
      return <MapInput control={control} value={value} onChange={onChange} onBlur={onBlur} />;
    case 'json':
      return <Textarea {...typed} rows={6} spellCheck={false} className="font-mono text-xs" />;
  }
}

interface MapEntry {
  from: string;
  to: string;
}

function isMapEntry(value: unknown): value is MapEntry {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

interface MapInputProps {
  control: FieldControl;
  value: unknown;
  onChange: (value: MapEntry[]) => void;
  onBlur?: () => void;
}

/** Pairs of texts, one row each: what is asked for, and what is sent instead. */
export function MapInput({ control, value, onChange, onBlur }: MapInputProps) {
  const t = useTranslations('kinds');
  const entries = Array.isArray(value) ? value.filter(isMapEntry) : [];
  const change = (index: number, patch: Partial<MapEntry>) =>
    onChange(entries.map((entry, position) => (position === index ? { ...entry, ...patch } : entry)));
  return (
    <div {...control} role="group" className="flex flex-col gap-2">
      {entries.map((entry, index) => (
        // Rows have no identity but their place: keys by content would lose the focus while typing.
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={t('mapFrom', { row: index + 1 })}
            value={entry.from}
            onBlur={onBlur}
            onChange={(event) => change(index, { from: event.target.value })}
            className="font-mono text-sm"
          />
          <span aria-hidden className="text-muted">
            {'→'}
          </span>
          <Input
            aria-label={t('mapTo', { row: index + 1 })}
            value={entry.to}
            onBlur={onBlur}
            onChange={(event) => change(index, { to: event.target.value })}
            className="font-mono text-sm"
          />
          <IconButton
            label={t('mapRemove', { row: index + 1 })}
            icon={<X />}
            onClick={() => onChange(entries.filter((_, position) => position !== index))}
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={<Plus />}
        className="self-start"
        onClick={() => onChange([...entries, { from: '', to: '' }])}
      >
        {t('mapAdd')}
      </Button>
    </div>
  );
}
