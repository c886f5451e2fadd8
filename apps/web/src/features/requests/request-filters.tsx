'use client';
// Owns the filters of the request list, one pill each.
import { requestOutcomes } from '@crs/shared';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DateTimeInput } from '@/components/ui/date-time-input';
import { Field } from '@/components/ui/field';
import { useAccountKinds } from '@/lib/account-kinds';
import { clientChoices, clientName } from '@/lib/client-names';
import { useFormat } from '@/lib/use-format';
import type { ListStateControl } from '@/lib/use-list-state';
import { FilterPill } from './filter-pill';
import { rangeNames, type requestFilters, statusPattern } from './list-definition';
import { OptionPicker } from './option-picker';
import { CostPill, DurationPill } from './range-pills';
import {
  useAccountChoices,
  useAccountName,
  useKeyChoices,
  useKeyName,
  useModelChoices,
  useUserChoices,
} from './request-queries';

interface FiltersProps {
  list: ListStateControl<typeof requestFilters>;
  /** Names that the rows in sight already tell. */
  nameOf: { key: (id: string) => string | null; account: (id: string) => string | null };
}

/** Filters that are seldom wanted stand behind a button until one of them is. */
const seldom = [
  'outcome',
  'kind',
  'client',
  'userId',
  'minCostUsd',
  'maxCostUsd',
  'minDurationMs',
  'maxDurationMs',
] as const;

const statusClasses = ['2xx', '4xx', '5xx'] as const;
/** Statuses that occur; any other can be typed. */
const commonStatuses = [200, 400, 401, 403, 404, 413, 429, 499, 500, 502, 503, 504, 529];

export function RequestFilters({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { filters } = list.state;
  const [wantsAll, setWantsAll] = useState(false);
  const showsAll = wantsAll || seldom.some((name) => filters[name] !== '');
  type Name = keyof typeof requestFilters;
  const choose = (name: Exclude<Name, 'range' | 'outcome'>, close: () => void) => (value: string) => {
    list.setFilter(name, value);
    close();
  };
  return (
    <>
      <TimePill list={list} />
      <KeyPill list={list} nameOf={nameOf} />
      <ModelPill list={list} />
      <AccountPill list={list} nameOf={nameOf} />
      <FilterPill
        label={t('columns.status')}
        value={filters.status === '' ? null : filters.status}
        onClear={() => list.setFilter('status', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.status')}
            value={filters.status}
            options={[
              ...statusClasses.map((value) => ({ value, label: t(`statusClass.${value}`) })),
              ...commonStatuses.map((status) => ({ value: String(status), label: String(status) })),
            ]}
            freeText={statusPattern}
            onChoose={choose('status', close)}
          />
        )}
      </FilterPill>
      {showsAll ? (
        <SeldomFilters list={list} />
      ) : (
        <Button variant="ghost" icon={<Plus aria-hidden />} onClick={() => setWantsAll(true)}>
          {t('filter.more')}
        </Button>
      )}
    </>
  );
}

function SeldomFilters({ list }: Pick<FiltersProps, 'list'>) {
  const t = useTranslations('requests');
  const kinds = useAccountKinds();
  const { filters } = list.state;
  const choose = (name: 'kind' | 'client', close: () => void) => (value: string) => {
    list.setFilter(name, value);
    close();
  };
  return (
    <>
      <UserPill list={list} />
      <FilterPill
        label={t('columns.outcome')}
        value={filters.outcome === '' ? null : t(`outcome.${filters.outcome}`)}
        onClear={() => list.setFilter('outcome', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.outcome')}
            value={filters.outcome}
            options={requestOutcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
            onChoose={(value) => {
              list.setFilter('outcome', requestOutcomes.find((known) => known === value) ?? '');
              close();
            }}
          />
        )}
      </FilterPill>
      <FilterPill
        label={t('columns.client')}
        value={filters.client === '' ? null : clientName(filters.client)}
        onClear={() => list.setFilter('client', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.client')}
            value={filters.client}
            options={[...clientChoices, { value: 'unknown', label: t('unknownClient') }]}
            freeText={/^\S+$/}
            onChoose={choose('client', close)}
          />
        )}
      </FilterPill>
      <FilterPill
        label={t('columns.kind')}
        value={filters.kind === '' ? null : kinds.label(filters.kind)}
        onClear={() => list.setFilter('kind', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.kind')}
            value={filters.kind}
            options={kinds.items.map(({ kind }) => ({ value: kind, label: kinds.label(kind) }))}
            onChoose={choose('kind', close)}
          />
        )}
      </FilterPill>
      <CostPill list={list} />
      <DurationPill list={list} />
    </>
  );
}

function UserPill({ list }: Pick<FiltersProps, 'list'>) {
  const t = useTranslations('requests');
  const { userId } = list.state.filters;
  const { data } = useUserChoices();
  return (
    <FilterPill
      label={t('columns.user')}
      value={userId === '' ? null : (data?.find(({ value }) => value === userId)?.label ?? userId)}
      onClear={() => list.setFilter('userId', '')}
    >
      {(close) => (
        <OptionPicker
          label={t('columns.user')}
          value={userId}
          options={data}
          onChoose={(id) => {
            list.setFilter('userId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function KeyPill({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { keyId } = list.state.filters;
  const seen = nameOf.key(keyId);
  const asked = useKeyName(seen === null ? keyId : '');
  return (
    <FilterPill
      label={t('columns.key')}
      value={keyId === '' ? null : (seen ?? asked ?? keyId)}
      onClear={() => list.setFilter('keyId', '')}
    >
      {(close) => (
        <KeyPicker
          value={keyId}
          onChoose={(id) => {
            list.setFilter('keyId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function AccountPill({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { accountId } = list.state.filters;
  const seen = nameOf.account(accountId);
  const asked = useAccountName(seen === null ? accountId : '');
  return (
    <FilterPill
      label={t('columns.account')}
      value={accountId === '' ? null : (seen ?? asked ?? accountId)}
      onClear={() => list.setFilter('accountId', '')}
    >
      {(close) => (
        <AccountPicker
          value={accountId}
          onChoose={(id) => {
            list.setFilter('accountId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function ModelPill({ list }: Pick<FiltersProps, 'list'>) {
  const t = useTranslations('requests');
  const { model } = list.state.filters;
  return (
    <FilterPill
      label={t('columns.model')}
      value={model === '' ? null : model}
      onClear={() => list.setFilter('model', '')}
    >
      {(close) => (
        <ModelPicker
          value={model}
          onChoose={(id) => {
            list.setFilter('model', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function ModelPicker({ value, onChoose }: { value: string; onChoose: (model: string) => void }) {
  const t = useTranslations('requests');
  const { data } = useModelChoices();
  return (
    <OptionPicker
      label={t('columns.model')}
      value={value}
      options={data}
      freeText={/^\S+$/}
      onChoose={onChoose}
    />
  );
}

interface SearchedPickerProps {
  value: string;
  onChoose: (id: string) => void;
}

function KeyPicker({ value, onChoose }: SearchedPickerProps) {
  const t = useTranslations('requests');
  const [search, setSearch] = useState('');
  const { data } = useKeyChoices(search);
  return (
    <OptionPicker
      label={t('columns.key')}
      value={value}
      options={data}
      onSearch={setSearch}
      onChoose={onChoose}
    />
  );
}

function AccountPicker({ value, onChoose }: SearchedPickerProps) {
  const t = useTranslations('requests');
  const [search, setSearch] = useState('');
  const { data } = useAccountChoices(search);
  return (
    <OptionPicker
      label={t('columns.account')}
      value={value}
      options={data}
      onSearch={setSearch}
      onChoose={onChoose}
    />
  );
}

function TimePill({ list }: Pick<FiltersProps, 'list'>) {
  const t = useTranslations('requests');
  const format = useFormat();
  const { range, from, to } = list.state.filters;
  const moment = (iso: string) => (Number.isNaN(Date.parse(iso)) ? '…' : format.dateTime(iso));
  const custom = from === '' && to === '' ? null : `${moment(from)} – ${moment(to)}`;
  return (
    <FilterPill
      label={t('columns.time')}
      value={custom ?? (range === '' ? null : t(`range.${range}`))}
      onClear={() => list.setFilters({ range: '', from: '', to: '' })}
    >
      {(close) => <TimePicker list={list} onDone={close} />}
    </FilterPill>
  );
}

function TimePicker({ list, onDone }: Pick<FiltersProps, 'list'> & { onDone: () => void }) {
  const t = useTranslations('requests');
  const present = list.state.filters;
  const [from, setFrom] = useState(present.from);
  const [to, setTo] = useState(present.to);
  const upsideDown = from !== '' && to !== '' && Date.parse(from) >= Date.parse(to);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-1.5">
        {rangeNames.map((name) => (
          <Button
            key={name}
            size="sm"
            aria-pressed={present.range === name}
            className={present.range === name ? 'border-accent! text-accent-text!' : undefined}
            onClick={() => {
              list.setFilters({ range: name, from: '', to: '' });
              onDone();
            }}
          >
            {t(`range.${name}`)}
          </Button>
        ))}
      </div>
      <form
        className="flex flex-col gap-2 border-line border-t pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          list.setFilters({ range: '', from, to });
          onDone();
        }}
      >
        <Field label={t('filter.from')} optional>
          {(control) => <DateTimeInput {...control} value={from} onChange={setFrom} />}
        </Field>
        <Field label={t('filter.to')} optional error={upsideDown ? t('filter.upsideDown') : undefined}>
          {(control) => <DateTimeInput {...control} value={to} onChange={setTo} />}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="sm"
          disabled={upsideDown || (from === '' && to === '')}
          className="mt-1"
        >
          {t('filter.apply')}
        </Button>
      </form>
    </div>
  );
}
