'use client';
// Owns the export of the keys that are listed: all pages of them, as the gateway writes them.
import { Download, FileSpreadsheet, FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { downloadFrom } from '@/lib/download';
import { withQuery } from '@/lib/paths';
import { chosenFilters } from '@/lib/url-state';
import type { KeyList } from './key-filters';

export function ExportMenu({ list: { state } }: { list: KeyList }) {
  const t = useTranslations('keys.export');
  const save = (format: 'csv' | 'xlsx') =>
    downloadFrom(
      withQuery('/api/v2/keys/export', {
        format,
        sort: state.sort,
        search: state.search,
        ...chosenFilters(state),
      }),
    );
  return (
    <Menu
      trigger={<Button icon={<Download aria-hidden />}>{t('action')}</Button>}
      entries={[
        {
          type: 'item',
          label: t('xlsx'),
          icon: <FileSpreadsheet aria-hidden />,
          onSelect: () => save('xlsx'),
        },
        { type: 'item', label: t('csv'), icon: <FileText aria-hidden />, onSelect: () => save('csv') },
      ]}
    />
  );
}
