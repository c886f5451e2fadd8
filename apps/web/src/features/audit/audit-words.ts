'use client';
// Owns how acts and resources are called: in the reader's language where the console knows them, as they are otherwise.
import { type AuditEntry, settingSectionNames } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { links } from '@/lib/paths';

export function useAuditWords() {
  const t = useTranslations('audit');
  const settings = useTranslations('settings.sections');
  return useMemo(() => {
    const word = (key: string, name: string): string => (t.has(key as never) ? t(key as never) : name);
    return {
      action: (name: string): string => word(`actions.${name}`, name),
      type: (name: string): string => word(`types.${name}`, name),
      /** What a resource is called; settings by their section. */
      target: ({ type, id, name }: AuditEntry['target']): string => {
        const section = settingSectionNames.find((each) => type === 'settings' && each === id);
        return section === undefined ? (name ?? id) : settings(`${section}.title`);
      },
    };
  }, [t, settings]);
}

/** Where a resource is shown; null for those without a page. */
export function addressOf({ type, id }: { type: string; id: string }): string | null {
  switch (type) {
    case 'key':
      return links.key(id);
    case 'account':
      return links.account(id);
    case 'group':
      return links.group(id);
    case 'settings':
      return links.settings(id);
    default:
      return null;
  }
}
