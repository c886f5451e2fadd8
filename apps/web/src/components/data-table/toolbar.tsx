'use client';
// Owns the line above a list: search, filters, column chooser. On phones the filters move into a panel.
import { SlidersHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useIsPhone } from '@/lib/use-is-phone';
import type { FilterParams } from '@/lib/url-state';
import type { ListStateControl } from '@/lib/use-list-state';
import { Button } from '../ui/button';
import { SearchInput } from '../ui/input';

const Sheet = lazy(async () => ({ default: (await import('../ui/dialog')).Sheet }));

interface ToolbarProps<Filters extends FilterParams> {
  list: ListStateControl<Filters>;
  /** Name of the search field; absent: the list has none. */
  searchLabel?: string;
  /** Filter controls, each with its own name. */
  filters?: ReactNode;
  /** At the right end, e.g. the column chooser. */
  children?: ReactNode;
}

export function Toolbar<Filters extends FilterParams>({
  list,
  searchLabel,
  filters,
  children,
}: ToolbarProps<Filters>) {
  const t = useTranslations('common.table');
  const isPhone = useIsPhone();
  const [open, setOpen] = useState(false);
  const clear = list.filtered && (
    <Button variant="ghost" onClick={list.clear}>
      {t('clearFilters')}
    </Button>
  );
  return (
    <search className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
      {searchLabel !== undefined && (
        <SearchInput
          label={searchLabel}
          value={list.searchText}
          onChange={list.setSearch}
          className="w-64 max-lg:w-52 max-sm:min-w-0 max-sm:flex-1"
        />
      )}
      {isPhone ? (
        filters !== undefined && (
          <>
            <Button
              icon={<SlidersHorizontal />}
              aria-haspopup="dialog"
              onClick={() => setOpen(true)}
              className={list.filtered ? 'border-accent! text-accent-text!' : undefined}
            >
              {t('filters')}
            </Button>
            {open && (
              <Suspense>
                <Sheet
                  open
                  onOpenChange={setOpen}
                  title={t('filters')}
                  footer={
                    <>
                      <Button onClick={list.clear}>{t('clearFilters')}</Button>
                      <Button variant="primary" onClick={() => setOpen(false)}>
                        {t('showResults')}
                      </Button>
                    </>
                  }
                >
                  <div className="flex flex-col gap-3 *:w-full!">{filters}</div>
                </Sheet>
              </Suspense>
            )}
          </>
        )
      ) : (
        <>
          {filters}
          {clear}
        </>
      )}
      {children !== undefined && (
        <div className="ml-auto flex items-center gap-2 max-sm:contents">{children}</div>
      )}
    </search>
  );
}
