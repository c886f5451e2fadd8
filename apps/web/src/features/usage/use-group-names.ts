'use client';
// Owns what a row of the explorer is called: a period in the server's zone, or an entry by its name.
import type { Grouping } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useAccountKinds } from '@/lib/account-kinds';
import { useFormat } from '@/lib/use-format';
import { isPeriod } from './definition';

interface Named {
  group: string;
  label: string;
}

export interface GroupNames {
  /** On an axis. */
  short: (row: Named) => string;
  long: (row: Named) => string;
}

export function useGroupNames(by: Grouping, timeZone: string): GroupNames {
  const t = useTranslations('usage');
  const format = useFormat();
  const kinds = useAccountKinds();
  const kindLabel = kinds.label;
  return useMemo(() => {
    if (!isPeriod(by)) {
      const name = ({ group, label }: Named) => {
        if (group === '') return t(`nobody.${by}`);
        if (by === 'kind') return kindLabel(group);
        return label === '' ? group : label;
      };
      return { short: name, long: name };
    }
    const day = ({ group }: Named) => format.day(group, timeZone);
    switch (by) {
      case 'hour':
        return {
          short: ({ group }) => format.clock(group, timeZone),
          long: (row) => `${day(row)} ${format.clock(row.group, timeZone)}`,
        };
      case 'day':
        return { short: day, long: ({ group }) => format.weekday(group, timeZone) };
      case 'week':
        return { short: day, long: (row) => t('weekOf', { day: day(row) }) };
      case 'month':
        return {
          short: ({ group }) => format.month(group, timeZone),
          long: ({ group }) => format.month(group, timeZone),
        };
    }
  }, [by, timeZone, t, format, kindLabel]);
}
