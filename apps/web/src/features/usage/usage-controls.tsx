'use client';
// Owns what the explorer is asked: what is measured, by what it is grouped and split, and whose it is.
import { splits } from '@crs/shared';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import {
  AccountPill,
  KeyPill,
  KindPill,
  ModelPill,
  TagPill,
  UserPill,
} from '@/components/filters/entry-pills';
import { NativeSelect } from '@/components/ui/select-native';
import { type EntryFilter, entryFilters, periods, splitsOf, type View } from './definition';
import { measures } from './measures';
import type { UsageList } from './usage-table';

interface ControlsProps {
  list: UsageList;
  view: View;
}

const groupOptions = [...periods, ...splits] as const;

export function ViewControls({ list, view }: ControlsProps) {
  const t = useTranslations('usage');
  const splitChoices = splitsOf(view.by);
  return (
    <>
      <NativeSelect
        label={t('measure')}
        value={view.measure}
        options={measures.map((value) => ({ value, label: t(`measures.${value}`) }))}
        onChange={(measure) => list.setFilters({ measure })}
      />
      <Labelled label={t('groupBy')}>
        <NativeSelect
          label={t('groupBy')}
          value={view.by}
          options={groupOptions.map((value) => ({ value, label: t(`groups.${value}`) }))}
          onChange={(by) => list.setFilters({ by, split: '' })}
        />
      </Labelled>
      {splitChoices.length > 0 && (
        <Labelled label={t('splitBy')}>
          <NativeSelect
            label={t('splitBy')}
            value={view.split ?? ''}
            options={[
              { value: '', label: t('notSplit') },
              ...splitChoices.map((value) => ({ value, label: t(`groups.${value}`) })),
            ]}
            onChange={(split) => list.setFilters({ split })}
          />
        </Labelled>
      )}
    </>
  );
}

/** The words stand beside the control; its name is the control's own. */
function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 max-sm:w-full max-sm:justify-between">
      <span aria-hidden className="text-muted text-sm">
        {label}
      </span>
      {children}
    </span>
  );
}

const pills = {
  keyId: KeyPill,
  userId: UserPill,
  accountId: AccountPill,
  model: ModelPill,
  kind: KindPill,
  tag: TagPill,
} as const satisfies Record<EntryFilter, unknown>;

export function EntryFilters({ list }: { list: UsageList }) {
  return entryFilters.map((name) => {
    const Pill = pills[name];
    return (
      <Pill
        key={name}
        value={list.state.filters[name]}
        onChange={(value) => list.setFilters({ [name]: value })}
      />
    );
  });
}
