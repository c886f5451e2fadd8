'use client';
// Owns the page of the audit trail: who did what, before and after.
import type { AuditEntry } from '@crs/shared';
import { Download, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { buttonLook } from '@/components/ui/button';
import { NativeSelect } from '@/components/ui/select-native';
import { EmptyState } from '@/components/ui/states';
import { withQuery } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import { useListState } from '@/lib/use-list-state';
import { useAuditColumns } from './audit-columns';
import { useAuditFacets, useAuditList } from './audit-queries';
import { useAuditWords } from './audit-words';
import { auditListDefinition, rangeNames, toAuditFilters } from './list-definition';

const AuditSheet = lazy(() => import('./audit-sheet'));

const rowId = (entry: AuditEntry) => entry.id;

export function AuditPage() {
  const t = useTranslations('audit');
  const shell = useTranslations('shell');
  const list = useListState(auditListDefinition);
  const query = useAuditList(list.state);
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const onOpen = useCallback((entry: AuditEntry) => setShown(entry), []);
  const columns = useAuditColumns(onOpen);
  return (
    <>
      <PageHeader
        title={shell('pages.audit')}
        description={t('description')}
        actions={
          <a
            href={withQuery('/api/v2/audit/export', toAuditFilters(list.state, serverNow()))}
            download
            className={buttonLook({ variant: 'secondary' })}
          >
            <Download aria-hidden />
            {t('export')}
          </a>
        }
      />
      <Toolbar list={list} searchLabel={t('search')} filters={<Filters list={list} />}>
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={shell('pages.audit')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState icon={<ScrollText />} title={t('empty.title')}>
            {t('empty.help')}
          </EmptyState>
        }
      />
      <Suspense>{shown !== null && <AuditSheet entry={shown} onClose={() => setShown(null)} />}</Suspense>
    </>
  );
}

type AuditList = ReturnType<typeof useListState<(typeof auditListDefinition)['filters']>>;

function Filters({ list }: { list: AuditList }) {
  const t = useTranslations('audit');
  const words = useAuditWords();
  const facets = useAuditFacets().data;
  const { range, actorId, action, targetType, targetId } = list.state.filters;
  return (
    <>
      <NativeSelect
        label={t('columns.at')}
        value={range}
        options={[
          { value: '', label: t('range.any') },
          ...rangeNames.map((name) => ({ value: name, label: t(`range.${name}`) })),
        ]}
        onChange={(value) => list.setFilter('range', value)}
      />
      <NativeSelect
        label={t('columns.actor')}
        value={actorId}
        options={withPresent(
          actorId,
          t('anyActor'),
          (facets?.actors ?? []).map(({ id, username }) => ({ value: id, label: username })),
        )}
        onChange={(value) => list.setFilter('actorId', value)}
        className="max-w-48"
      />
      <NativeSelect
        label={t('columns.target')}
        value={targetType}
        options={withPresent(
          targetType,
          t('anyType'),
          (facets?.types ?? []).map((type) => ({ value: type, label: words.type(type) })),
        )}
        onChange={(value) => list.setFilter('targetType', value)}
        className="max-w-48"
      />
      <NativeSelect
        label={t('columns.action')}
        value={action}
        options={withPresent(
          action,
          t('anyAction'),
          (facets?.actions ?? []).map((name) => ({ value: name, label: words.action(name) })),
        )}
        onChange={(value) => list.setFilter('action', value)}
        className="max-w-56"
      />
      {targetId !== '' && (
        <span className="inline-flex h-8 max-w-64 items-center gap-1.5 rounded-control border border-accent-line bg-accent-soft px-2.5 text-sm max-sm:h-11">
          <span className="text-muted">{t('resource')}</span>
          <code className="truncate font-mono text-accent-text text-xs">{targetId}</code>
        </span>
      )}
    </>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** What an address asks for is among the choices, also while they are not loaded. */
function withPresent(value: string, any: string, choices: readonly Choice[]): Choice[] {
  const isKnown = value === '' || choices.some((choice) => choice.value === value);
  return [{ value: '', label: any }, ...(isKnown ? [] : [{ value, label: value }]), ...choices];
}
