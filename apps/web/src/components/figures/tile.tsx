'use client';
// Owns a figure at the top of a page: what it is, how much, what it was before, what it is made of.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

interface TileProps {
  label: string;
  value: string;
  /** The same figure in the period before. */
  before: string;
  change: ReactNode;
  /** What the figure is made of. */
  parts: string;
}

interface FrameProps extends TileProps {
  className?: string;
}

const boxLook = 'min-w-0 rounded-card border px-4 py-3 text-left max-sm:px-3';

/** In a list of terms (`dl`). */
export function Tile({ label, className, ...rest }: FrameProps) {
  return (
    <div className={clsx(boxLook, 'border-line bg-surface', className)}>
      <dt className="text-muted text-sm">{label}</dt>
      <dd>
        <Figure {...rest} />
      </dd>
    </div>
  );
}

interface TileButtonProps extends TileProps {
  pressed: boolean;
  onPress: () => void;
}

/** As a choice among its like: the figure that the page goes into. */
export function TileButton({ label, pressed, onPress, ...rest }: TileButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={clsx(
        boxLook,
        'transition-colors',
        pressed
          ? 'border-accent bg-surface shadow-[inset_0_2px_0_0_var(--accent)]'
          : 'border-line bg-surface hover:border-line-strong hover:bg-hover',
      )}
    >
      <span className={clsx('block text-sm', pressed ? 'font-medium text-accent-text' : 'text-muted')}>
        {label}
      </span>
      <Figure {...rest} />
    </button>
  );
}

function Figure({ value, before, change, parts }: Omit<TileProps, 'label'>) {
  const t = useTranslations('common.change');
  return (
    <>
      <span className="block font-semibold text-2xl max-sm:text-xl">{value}</span>
      <span className="flex flex-wrap items-baseline gap-x-1.5 text-xs">
        {change}
        <span className="text-muted">{t('before', { value: before })}</span>
      </span>
      <span className="block text-muted text-xs sm:truncate" title={parts}>
        {parts}
      </span>
    </>
  );
}
