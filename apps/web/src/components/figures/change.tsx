'use client';
// Owns how a figure says what has become of it since the period before.
import { clsx } from 'clsx';
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFormat } from '@/lib/use-format';

/** Below this a change is noise. */
const STEADY_SHARE = 0.005;

interface GrowthProps {
  /** 0.25 for a quarter more; null where there was nothing before. */
  share: number | null;
  /** More is worse, e.g. of a time; of spend and traffic it is neither good nor bad. */
  moreIsBad?: boolean;
}

/** A change in percent. */
export function Growth({ share, moreIsBad = false }: GrowthProps) {
  const t = useTranslations('common.change');
  const format = useFormat();
  if (share === null) return null;
  const steady = Math.abs(share) < STEADY_SHARE;
  const percent = format.percent(Math.abs(share), Math.abs(share) >= 1 ? 0 : 1);
  return (
    <Change
      direction={steady ? 'steady' : share > 0 ? 'up' : 'down'}
      className={steady || !moreIsBad ? undefined : share > 0 ? 'text-bad-text' : 'text-ok-text'}
    >
      {steady ? t('steady') : share > 0 ? t('more', { percent }) : t('less', { percent })}
    </Change>
  );
}

/** A change of a share in percentage points; more errors are bad. */
export function Points({ from, to }: { from: number | null; to: number | null }) {
  const t = useTranslations('common.change');
  const format = useFormat();
  if (from === null || to === null) return null;
  const change = (to - from) * 100;
  const steady = Math.abs(change) < 0.05;
  const points = format.decimal(Math.abs(change));
  return (
    <Change
      direction={steady ? 'steady' : change > 0 ? 'up' : 'down'}
      className={steady ? undefined : change > 0 ? 'text-bad-text' : 'text-ok-text'}
    >
      {steady ? t('steady') : change > 0 ? t('morePoints', { points }) : t('lessPoints', { points })}
    </Change>
  );
}

const arrows = { up: ArrowUpRight, down: ArrowDownRight, steady: ArrowRight } as const;

function Change(props: {
  direction: keyof typeof arrows;
  className?: string | undefined;
  children: ReactNode;
}) {
  const Arrow = arrows[props.direction];
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-0.5 self-center whitespace-nowrap font-medium',
        props.className ?? 'text-text-soft',
      )}
    >
      <Arrow aria-hidden className="size-3.5" />
      {props.children}
    </span>
  );
}
