'use client';
// Owns the choice of a file for what a list or a page shows, as the gateway makes it.
import { Download, FileSpreadsheet, FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { downloadFrom } from '@/lib/download';
import { Button } from './button';
import { Menu } from './menu';

/** `addressOf` answers where the file of that format is. */
export function ExportMenu({ addressOf }: { addressOf: (format: 'csv' | 'xlsx') => string }) {
  const t = useTranslations('common.export');
  const save = (format: 'csv' | 'xlsx') => downloadFrom(addressOf(format));
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
