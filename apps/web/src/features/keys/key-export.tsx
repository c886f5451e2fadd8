'use client';
// Owns the export of the keys that are listed: all pages of them, as the gateway writes them.
import { ExportMenu } from '@/components/ui/export-menu';
import { withQuery } from '@/lib/paths';
import { chosenFilters } from '@/lib/url-state';
import type { KeyList } from './key-filters';

export function KeyExport({ list: { state } }: { list: KeyList }) {
  return (
    <ExportMenu
      addressOf={(format) =>
        withQuery('/api/v2/keys/export', {
          format,
          sort: state.sort,
          search: state.search,
          ...chosenFilters(state),
        })
      }
    />
  );
}
