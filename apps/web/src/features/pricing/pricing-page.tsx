'use client';
// Owns the page of prices: models without one first, then the list, and what opens above it.
import { priceProviders, type PriceProvider } from '@crs/shared';
import { History, Percent, Plus, Tags } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { NativeSelect } from '@/components/ui/select-native';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useSession } from '@/lib/session';
import { useShortcut } from '@/lib/shortcuts';
import { useListState } from '@/lib/use-list-state';
import { useNow } from '@/lib/use-now';
import { useOpenId } from '@/lib/use-open-id';
import { pricingListDefinition } from './list-definition';
import { usePriceColumns } from './price-columns';
import { allRows, pageOfRows, type PriceRow } from './price-rows';
import { Unpriced } from './unpriced';
import { usePricing } from './use-pricing';

const OverrideDialog = lazy(() => import('./override-dialog'));
const PriceSheet = lazy(() => import('./price-sheet'));
const RepriceDialog = lazy(() => import('./reprice-dialog'));
const RatesDialog = lazy(() => import('./rates-dialog'));

const rowId = ({ key }: PriceRow) => key;
/** Vendors are called alike in both languages. */
const vendorNames: Record<PriceProvider, string> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  gemini: 'Google Gemini',
  bedrock: 'AWS Bedrock',
  azure: 'Azure OpenAI',
};

/** In the address, in the place of a new override. */
const REPRICE = 'reprice';

type Target = { id: string; provider: PriceProvider };
type Above = { what: 'override'; target: Target } | { what: 'rates' } | null;

export function PricingPage() {
  const t = useTranslations('pricing');
  const shell = useTranslations('shell');
  const isAdmin = useSession().data?.user.role === 'admin';
  const list = useListState(pricingListDefinition);
  const { data: pricing, error, isFetching, refetch } = usePricing();
  const now = useNow(60_000);
  const { id, open } = useOpenId();
  const adding = useOpenId('new');
  const [above, setAbove] = useState<Above>(null);

  const rows = useMemo(() => (pricing === undefined ? undefined : allRows(pricing, now)), [pricing, now]);
  const query = {
    data: useMemo(() => (rows === undefined ? undefined : pageOfRows(rows, list.state)), [rows, list.state]),
    isFetching,
    isPlaceholderData: false,
    error,
    refetch,
  };
  const onOpen = useCallback((row: PriceRow) => open(row.key), [open]);
  const setPrice = useCallback((target: Target) => setAbove({ what: 'override', target }), []);
  const columns = usePriceColumns({ onOpen });
  useShortcut('n', 'create', () => adding.open('1'), isAdmin);
  const { provider, state } = list.state.filters;
  const row = rows?.find(({ key }) => key === id);

  return (
    <>
      <PageHeader
        title={shell('pages.pricing')}
        description={t('description')}
        actions={
          isAdmin && (
            <>
              <Button icon={<History aria-hidden />} onClick={() => adding.open(REPRICE)}>
                {t('reprice.open')}
              </Button>
              <Button icon={<Percent aria-hidden />} onClick={() => setAbove({ what: 'rates' })}>
                {t('rates')}
              </Button>
              <Button
                variant="primary"
                icon={<Plus aria-hidden />}
                title="n"
                onClick={() => adding.open('1')}
              >
                {t('add')}
              </Button>
            </>
          )
        }
      />
      <p className="mb-3 min-h-5 text-muted text-sm">
        {pricing !== undefined && (
          <>
            {pricing.pack.source === 'bundled'
              ? t('bundled', { date: pricing.pack.date })
              : t('installed', { date: pricing.pack.date })}
            {' · '}
            <RelativeTime at={`${pricing.pack.date}T00:00:00Z`} />
            {' · '}
            <code className="break-all font-mono text-xs">{pricing.priceListId}</code>
          </>
        )}
      </p>
      {pricing !== undefined && pricing.unknownModels.length > 0 && (
        <Unpriced models={pricing.unknownModels} onSetPrice={isAdmin ? setPrice : null} />
      )}
      <Toolbar
        list={list}
        searchLabel={t('search')}
        filters={
          <>
            <NativeSelect
              label={t('columns.provider')}
              value={provider}
              options={[
                { value: '', label: t('anyProvider') },
                ...priceProviders.map((value) => ({ value, label: vendorNames[value] })),
              ]}
              onChange={(value) => list.setFilter('provider', value)}
            />
            <NativeSelect
              label={t('state')}
              value={state}
              options={[
                { value: '', label: t('anyState') },
                { value: 'overridden', label: t('overridden') },
                { value: 'scheduled', label: t('scheduled') },
              ]}
              onChange={(value) => list.setFilter('state', value)}
            />
          </>
        }
      >
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={shell('pages.pricing')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        onEdit={isAdmin ? setPrice : undefined}
        errorTitle={t('loadFailed')}
        empty={<EmptyState icon={<Tags />} title={t('empty')} />}
      />
      <Suspense>
        {id !== null && above === null && adding.id === null && (
          <PriceSheet
            priceKey={id}
            model={row ?? null}
            pricing={pricing ?? null}
            onSetPrice={isAdmin ? setPrice : null}
            onClose={() => open(null)}
          />
        )}
        {isAdmin && adding.id === REPRICE && pricing !== undefined && (
          <RepriceDialog pricing={pricing} onClose={() => adding.open(null)} />
        )}
        {isAdmin && adding.id !== null && adding.id !== REPRICE && pricing !== undefined && (
          <OverrideDialog pricing={pricing} target={null} onClose={() => adding.open(null)} />
        )}
        {above?.what === 'override' && pricing !== undefined && (
          <OverrideDialog pricing={pricing} target={above.target} onClose={() => setAbove(null)} />
        )}
        {above?.what === 'rates' && pricing !== undefined && (
          <RatesDialog pricing={pricing} onClose={() => setAbove(null)} />
        )}
      </Suspense>
    </>
  );
}
