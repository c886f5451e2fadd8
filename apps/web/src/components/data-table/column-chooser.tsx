'use client';
// Owns the choice of columns; what is hidden stands in the address.
import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FilterParams } from '@/lib/url-state';
import type { ListStateControl } from '@/lib/use-list-state';
import { IconButton } from '../ui/button';
import { Menu } from '../ui/menu';
import type { DataColumn } from './columns';

interface ColumnChooserProps<Row, Filters extends FilterParams> {
  columns: readonly DataColumn<Row>[];
  list: ListStateControl<Filters>;
}

export function ColumnChooser<Row, Filters extends FilterParams>(props: ColumnChooserProps<Row, Filters>) {
  const { columns, list } = props;
  const t = useTranslations('common.table');
  const hidden = list.state.hiddenColumns;
  const choosable = columns.filter((column) => column.fixed !== true && column.silent !== true);
  return (
    <Menu
      trigger={
        <IconButton label={t('columns')} variant="secondary" icon={<Columns3 />} className="max-sm:hidden" />
      }
      entries={choosable.map(({ id, label }) => ({
        type: 'check',
        label,
        checked: !hidden.includes(id),
        onChange: (shown) =>
          list.setHiddenColumns(shown ? hidden.filter((other) => other !== id) : [...hidden, id]),
      }))}
    />
  );
}
