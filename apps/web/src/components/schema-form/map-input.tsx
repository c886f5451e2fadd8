'use client';
// Owns pairs of texts as a form control, one row each: what is asked for, and what stands for it.
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '../ui/button';
import type { FieldControl } from '../ui/field';
import { Input } from '../ui/input';

interface MapEntry {
  from: string;
  to: string;
}

function isMapEntry(value: unknown): value is MapEntry {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

interface MapInputProps {
  /** What stands left, and what stands right. */
  from: string;
  to: string;
  control: FieldControl;
  value: unknown;
  onChange: (value: MapEntry[]) => void;
  onBlur?: () => void;
}

export function MapInput({ from, to, control, value, onChange, onBlur }: MapInputProps) {
  const t = useTranslations('kinds');
  const entries = Array.isArray(value) ? value.filter(isMapEntry) : [];
  const change = (index: number, patch: Partial<MapEntry>) =>
    onChange(entries.map((entry, position) => (position === index ? { ...entry, ...patch } : entry)));
  return (
    <div {...control} role="group" className="flex flex-col gap-2">
      {entries.length > 0 && (
        <div aria-hidden className="-mb-1 flex gap-2 pr-10 text-muted text-xs max-sm:pr-13">
          <span className="flex-1">{from}</span>
          <span className="w-4" />
          <span className="flex-1">{to}</span>
        </div>
      )}
      {entries.map((entry, index) => (
        // Rows have no identity but their place: keys by content would lose the focus while typing.
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={t('mapRow', { side: from, row: index + 1 })}
            value={entry.from}
            onBlur={onBlur}
            onChange={(event) => change(index, { from: event.target.value })}
            className="font-mono text-sm"
          />
          <span aria-hidden className="w-4 shrink-0 text-center text-muted">
            {'→'}
          </span>
          <Input
            aria-label={t('mapRow', { side: to, row: index + 1 })}
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
