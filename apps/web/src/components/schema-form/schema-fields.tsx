'use client';
// Owns the drawing of a JSON Schema as fields of a form. Labels come from the messages of the account kind; the
// schema's own words stand in where there are none.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { FormField } from '../form/form';
import type { ApiForm } from '../form/use-api-form';
import { Switch } from '../ui/checkbox';
import { DateTimeInput } from '../ui/date-time-input';
import type { FieldControl } from '../ui/field';
import { Input, PasswordInput, Textarea } from '../ui/input';
import { SegmentedControl } from '../ui/segmented-control';
import { Select } from '../ui/select';
import { TagInput } from '../ui/tag-input';
import type { SchemaField, SchemaVariant } from './describe';
import { MapInput } from './map-input';

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
  const words = useFieldWords(kind);
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
            label: words.variant(choice),
          }))}
          onChange={(value) => onVariantChange(Number(value))}
        />
      )}
      {fields.map((field) => (
        <FormField
          key={field.name}
          api={api}
          name={`${prefix}.${field.name}` as FieldPath<Values>}
          label={words.title(field)}
          help={words.help(field)}
          required={field.required && !partial}
          optional={!field.required && !partial && field.kind !== 'boolean'}
          {...(field.required && !partial ? { rules: { required: t('required') } } : {})}
        >
          {(control, { value, onChange, ...rest }) => (
            <SchemaControl
              field={field}
              words={{ ...words, placeholder: partial ? t('unchanged') : '' }}
              control={control}
              value={value}
              onChange={onChange}
              {...rest}
            />
          )}
        </FormField>
      ))}
    </div>
  );
}

/** Words by `kinds.<kind>.<field>`, then `kinds.fields.<field>`, then the schema's own. */
function useFieldWords(kind: string) {
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
    /** Called by the first field that is its own. */
    variant: (choice: SchemaVariant) => find([`variants.${choice.fields[0]?.name}`]) || choice.title,
    option: (field: SchemaField, option: string) => find([`options.${field.name}.${option}`]) || option,
    /** What stands left and right in the rows of a map. */
    sides: (field: SchemaField) => ({
      from: find([`${kind}.${field.name}From`]) || t('mapFrom'),
      to: find([`${kind}.${field.name}To`]) || t('mapTo'),
    }),
    unset: t('unset'),
  };
}

interface SchemaControlProps {
  field: SchemaField;
  words: ReturnType<typeof useFieldWords> & { placeholder: string };
  control: FieldControl;
  value: unknown;
  onChange: (value: unknown) => void;
  onBlur: () => void;
  ref: (element: HTMLElement | null) => void;
  name: string;
}

function SchemaControl({
  field,
  words,
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
      return <Input {...typed} placeholder={words.placeholder} autoComplete="off" spellCheck={false} />;
    case 'uri':
      return <Input {...typed} type="url" inputMode="url" autoComplete="off" className="font-mono text-sm" />;
    case 'password':
      return <PasswordInput {...typed} placeholder={words.placeholder} autoComplete="new-password" />;
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
          options={[
            ...(field.required || field.initial !== undefined ? [] : [{ value: '', label: words.unset }]),
            ...field.options.map((option) => ({ value: option, label: words.option(field, option) })),
          ]}
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
      return (
        <MapInput
          {...words.sides(field)}
          control={control}
          value={value}
          onChange={onChange}
          onBlur={onBlur}
        />
      );
    case 'json':
      return <Textarea {...typed} rows={6} spellCheck={false} className="font-mono text-xs" />;
  }
}
