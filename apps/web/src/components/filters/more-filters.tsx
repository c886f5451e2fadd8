'use client';
// Owns where the filters stand that are needed now and then: behind a button that counts them, on phones in the open.
import { ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, Suspense } from 'react';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { useIsPhone } from '@/lib/use-is-phone';

interface MoreFiltersProps {
  /** How many of them are set. */
  chosen: number;
  /** Class of the height they take, so that nothing moves when they come. */
  height: string;
  children: ReactNode;
}

export function MoreFiltersButton({ chosen, height, children }: MoreFiltersProps) {
  const t = useTranslations('common.table');
  if (useIsPhone()) return <Suspense>{children}</Suspense>;
  return (
    <Popover
      title={t('moreFilters')}
      align="start"
      className="w-80"
      trigger={
        <Button
          icon={<ListFilter aria-hidden />}
          className={chosen > 0 ? 'border-accent! text-accent-text!' : undefined}
        >
          {chosen === 0 ? t('moreFilters') : t('moreFiltersChosen', { count: chosen })}
        </Button>
      }
    >
      <Suspense fallback={<span className={`block ${height}`} />}>{children}</Suspense>
    </Popover>
  );
}
