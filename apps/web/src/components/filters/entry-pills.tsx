'use client';
// Owns the filters by an entry: key, account, model, user, kind, each a pill with the entries to choose from.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAccountKinds } from '@/lib/account-kinds';
import {
  useAccountChoices,
  useAccountName,
  useKeyChoices,
  useKeyName,
  useModelChoices,
  useTagChoices,
  useUserChoices,
} from '@/lib/named-choices';
import { FilterPill } from './filter-pill';
import { OptionPicker } from './option-picker';

interface EntryPillProps {
  /** Id of what is chosen; '' for nothing. */
  value: string;
  onChange: (id: string) => void;
  /** Its name, where the page knows it already. */
  knownName?: string | null;
}

export function KeyPill({ value, onChange, knownName = null }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const asked = useKeyName(knownName === null ? value : '');
  return (
    <FilterPill
      label={t('key')}
      value={value === '' ? null : (knownName ?? asked ?? value)}
      onClear={() => onChange('')}
    >
      {(close) => <KeyPicker value={value} onChange={thenClose(onChange, close)} />}
    </FilterPill>
  );
}

export function AccountPill({ value, onChange, knownName = null }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const asked = useAccountName(knownName === null ? value : '');
  return (
    <FilterPill
      label={t('account')}
      value={value === '' ? null : (knownName ?? asked ?? value)}
      onClear={() => onChange('')}
    >
      {(close) => <AccountPicker value={value} onChange={thenClose(onChange, close)} />}
    </FilterPill>
  );
}

export function ModelPill({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  return (
    <FilterPill label={t('model')} value={value === '' ? null : value} onClear={() => onChange('')}>
      {(close) => <ModelPicker value={value} onChange={thenClose(onChange, close)} />}
    </FilterPill>
  );
}

export function UserPill({ value, onChange, knownName = null }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const { data } = useUserChoices(value !== '' && knownName === null);
  const name = knownName ?? data?.find((user) => user.value === value)?.label ?? value;
  return (
    <FilterPill label={t('user')} value={value === '' ? null : name} onClear={() => onChange('')}>
      {(close) => <UserPicker value={value} onChange={thenClose(onChange, close)} />}
    </FilterPill>
  );
}

export function KindPill({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const kinds = useAccountKinds();
  return (
    <FilterPill
      label={t('kind')}
      value={value === '' ? null : kinds.label(value)}
      onClear={() => onChange('')}
    >
      {(close) => (
        <OptionPicker
          label={t('kind')}
          value={value}
          options={kinds.items.map(({ kind }) => ({ value: kind, label: kinds.label(kind) }))}
          onChoose={thenClose(onChange, close)}
        />
      )}
    </FilterPill>
  );
}

/** Keys that have a tag now. */
export function TagPill({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  return (
    <FilterPill label={t('tag')} value={value === '' ? null : value} onClear={() => onChange('')}>
      {(close) => <TagPicker value={value} onChange={thenClose(onChange, close)} />}
    </FilterPill>
  );
}

function thenClose(onChange: (id: string) => void, close: () => void) {
  return (id: string) => {
    onChange(id);
    close();
  };
}

function KeyPicker({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const [search, setSearch] = useState('');
  const { data } = useKeyChoices(search);
  return (
    <OptionPicker label={t('key')} value={value} options={data} onSearch={setSearch} onChoose={onChange} />
  );
}

function AccountPicker({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const [search, setSearch] = useState('');
  const { data } = useAccountChoices(search);
  return (
    <OptionPicker
      label={t('account')}
      value={value}
      options={data}
      onSearch={setSearch}
      onChoose={onChange}
    />
  );
}

function ModelPicker({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const { data } = useModelChoices();
  return (
    <OptionPicker label={t('model')} value={value} options={data} freeText={/^\S+$/} onChoose={onChange} />
  );
}

function TagPicker({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const { data } = useTagChoices();
  return <OptionPicker label={t('tag')} value={value} options={data} onChoose={onChange} />;
}

function UserPicker({ value, onChange }: EntryPillProps) {
  const t = useTranslations('common.filter.names');
  const { data } = useUserChoices();
  return <OptionPicker label={t('user')} value={value} options={data} onChoose={onChange} />;
}
