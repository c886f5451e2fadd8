'use client';
// Owns the foot of a list: which rows of how many, the size of a page, and the way to the others.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FilterParams, pageSizes } from '@/lib/url-state';
import { useFormat } from '@/lib/use-format';
import type { ListStateControl } from '@/lib/use-list-state';
import { IconButton } from '../ui/button';
import { NativeSelect } from '../ui/select-native';

interface PaginationProps<Filters extends FilterParams> {
  total: number;
  list: ListStateControl<Filters>;
}

export function Pagination<Filters extends FilterParams>({ total, list }: PaginationProps<Filters>) {
  const t = useTranslations('common.table');
  const format = useFormat();
  const { page, pageSize } = list.state;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  // A new page is read from its first row.
  const turn = (next: number) => {
    list.setPage(next);
    window.scrollTo({ top: 0 });
  };
  return (
    <nav
      aria-label={t('pages')}
      className="flex h-11 items-center gap-3 border-line border-t px-3 text-muted text-xs max-sm:h-14"
    >
      <p className="min-w-0 flex-1 truncate" aria-live="polite">
        {t('range', { from: format.count(from), to: format.count(to), total: format.count(total) })}
      </p>
      <NativeSelect
        label={t('pageSize')}
        value={String(pageSize)}
        options={pageSizes.map((size) => ({ value: String(size), label: t('perPage', { size }) }))}
        onChange={(size) => list.setPageSize(Number(size))}
        small
        className="max-sm:hidden"
      />
      <div className="flex items-center gap-1">
        <IconButton
          label={t('previous')}
          size="iconSmall"
          icon={<ChevronLeft />}
          disabled={page <= 1}
          onClick={() => turn(page - 1)}
        />
        <span className="whitespace-nowrap text-text">{t('pageOf', { page, pages })}</span>
        <IconButton
          label={t('next')}
          size="iconSmall"
          icon={<ChevronRight />}
          disabled={page >= pages}
          onClick={() => turn(page + 1)}
        />
      </div>
    </nav>
  );
}
