'use client';
// Owns the lines of budgets and of windows in the key form: each with its span, its amounts, the models it counts.
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import type { FieldControl } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { NativeSelect } from '@/components/ui/select-native';
import { TagInput } from '@/components/ui/tag-input';
import { modelPatterns } from './key-form-sections';
import {
  budgetPeriods,
  budgetPresets,
  type BudgetValues,
  emptyBudget,
  emptyWindow,
  isUsd,
  windowPresets,
  windowProblem,
  windowSpans,
  windowValuesOf,
  type WindowValues,
} from './limit-values';
import { useLimitWords } from '@/components/limits/use-limit-words';

interface RowsProps<Row> {
  control: FieldControl;
  value: readonly Row[];
  onChange: (value: Row[]) => void;
  onBlur: () => void;
}

const MAX_ROWS = 20;

export function BudgetRows({ control, value, onChange, onBlur }: RowsProps<BudgetValues>) {
  const t = useTranslations('keys.form.budgets');
  const words = useLimitWords();
  const isTold = control['aria-invalid'] === true;
  return (
    <Rows
      control={control}
      count={value.length}
      addLabel={t('add')}
      presets={budgetPresets.map((preset) => ({
        label: words.budget(preset),
        row: () => onChange([...value, { ...emptyBudget, every: preset.every, usd: String(preset.usd) }]),
      }))}
      onAdd={() => onChange([...value, { ...emptyBudget }])}
    >
      {value.map((row, index) => {
        const line = index + 1;
        const change = (patch: Partial<BudgetValues>) => onChange(replaced(value, index, patch));
        return (
          <Line
            key={index}
            label={t('line', { line })}
            removeLabel={t('remove', { line })}
            onRemove={() => onChange(value.filter((_, other) => other !== index))}
          >
            <NativeSelect
              label={t('periodOf', { line })}
              value={row.every}
              options={budgetPeriods.map((period) => ({ value: period, label: t(`periods.${period}`) }))}
              onChange={(every) => change({ every })}
            />
            <Amount
              label={t('usdOf', { line })}
              unit={t('usd')}
              value={row.usd}
              invalid={isTold && !isUsd(row.usd)}
              onChange={(usd) => change({ usd })}
              onBlur={onBlur}
            />
            <Models
              label={t('modelsOf', { line })}
              placeholder={t('allModels')}
              value={row.models}
              onChange={(models) => change({ models })}
            />
          </Line>
        );
      })}
    </Rows>
  );
}

export function WindowRows({ control, value, onChange, onBlur }: RowsProps<WindowValues>) {
  const t = useTranslations('keys.form.windows');
  const words = useLimitWords();
  const isTold = control['aria-invalid'] === true;
  return (
    <Rows
      control={control}
      count={value.length}
      addLabel={t('add')}
      presets={windowPresets.map((preset) => ({
        label: words.window(preset),
        row: () => onChange([...value, windowValuesOf(preset)]),
      }))}
      onAdd={() => onChange([...value, { ...emptyWindow }])}
    >
      {value.map((row, index) => {
        const line = index + 1;
        const change = (patch: Partial<WindowValues>) => onChange(replaced(value, index, patch));
        const problem = isTold ? windowProblem(row) : null;
        return (
          <Line
            key={index}
            label={t('line', { line })}
            removeLabel={t('remove', { line })}
            onRemove={() => onChange(value.filter((_, other) => other !== index))}
          >
            <span className="flex items-center gap-1.5">
              <span className="text-muted text-sm">{t('in')}</span>
              <Input
                aria-label={t('countOf', { line })}
                aria-invalid={problem === 'count' || undefined}
                inputMode="numeric"
                value={row.count}
                onBlur={onBlur}
                onChange={(event) => change({ count: event.target.value })}
                className="w-14!"
              />
              <NativeSelect
                label={t('unitOf', { line })}
                value={row.every}
                options={windowSpans.map((span) => ({
                  value: span,
                  label: t(`spans.${span}`, { count: Number(row.count) || 1 }),
                }))}
                onChange={(every) => change({ every })}
              />
            </span>
            {(['requests', 'tokens', 'usd'] as const).map((name) => (
              <Amount
                key={name}
                label={t(`${name}Of`, { line })}
                unit={t(`amounts.${name}`)}
                value={row[name]}
                invalid={problem === name || (problem === 'empty' && name === 'requests')}
                onChange={(text) => change({ [name]: text })}
                onBlur={onBlur}
              />
            ))}
            <Models
              label={t('modelsOf', { line })}
              placeholder={t('allModels')}
              value={row.models}
              onChange={(models) => change({ models })}
            />
          </Line>
        );
      })}
    </Rows>
  );
}

function replaced<Row>(rows: readonly Row[], index: number, patch: Partial<Row>): Row[] {
  return rows.map((row, other) => (other === index ? { ...row, ...patch } : row));
}

interface RowsFrameProps {
  control: FieldControl;
  count: number;
  addLabel: string;
  presets: readonly { label: string; row: () => void }[];
  onAdd: () => void;
  children: ReactNode;
}

function Rows({ control, count, addLabel, presets, onAdd, children }: RowsFrameProps) {
  const { id, 'aria-describedby': describedBy } = control;
  return (
    <div id={id} role="group" aria-describedby={describedBy} className="flex flex-col gap-2">
      {children}
      {count < MAX_ROWS && (
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" icon={<Plus aria-hidden />} onClick={onAdd}>
            {addLabel}
          </Button>
          {presets.map(({ label, row }) => (
            <Button key={label} size="sm" variant="ghost" onClick={row}>
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

interface LineProps {
  label: string;
  removeLabel: string;
  onRemove: () => void;
  children: ReactNode;
}

// Lines have no identity but their place: keys by content would lose the focus while typing.
function Line({ label, removeLabel, onRemove, children }: LineProps) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex items-start gap-2 rounded-control border border-line p-2"
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">{children}</div>
      <IconButton label={removeLabel} size="iconSmall" icon={<X />} onClick={onRemove} />
    </div>
  );
}

interface AmountProps {
  label: string;
  unit: string;
  value: string;
  invalid: boolean;
  onChange: (text: string) => void;
  onBlur: () => void;
}

function Amount({ label, unit, value, invalid, onChange, onBlur }: AmountProps) {
  return (
    <span className="flex items-center gap-1.5">
      <Input
        aria-label={label}
        aria-invalid={invalid || undefined}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onBlur={onBlur}
        onChange={(event) => onChange(event.target.value)}
        className="w-24!"
      />
      <span aria-hidden className="text-muted text-sm">
        {unit}
      </span>
    </span>
  );
}

interface ModelsProps {
  label: string;
  placeholder: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
}

function Models({ label, placeholder, value, onChange }: ModelsProps) {
  return (
    <div className="min-w-44 flex-1">
      <TagInput
        aria-label={label}
        value={value}
        placeholder={placeholder}
        suggestions={modelPatterns}
        onChange={onChange}
      />
    </div>
  );
}
