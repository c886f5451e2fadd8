'use client';
// Owns how weekly hours are said: `Mon–Fri 09:00–18:00`.
import { type ServiceHours, type Weekday, weekdays } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { dayRuns } from './day-runs';

export interface HoursWords {
  span: (span: ServiceHours[number]) => string;
  all: (hours: ServiceHours) => string;
}

export function useHoursWords(): HoursWords {
  const t = useTranslations('accounts.hours');
  return useMemo(() => {
    const short = (day: Weekday) => t(`short.${day}`);
    const span = ({ days, from, to }: ServiceHours[number]) => {
      const named =
        days.length === weekdays.length
          ? t('daily')
          : dayRuns(days)
              .map(([first, last]) => (first === last ? short(first) : `${short(first)}–${short(last)}`))
              .join(t('join'));
      return `${named} ${from}–${to}`;
    };
    return { span, all: (hours) => (hours.length === 0 ? t('unlimited') : hours.map(span).join(' · ')) };
  }, [t]);
}
