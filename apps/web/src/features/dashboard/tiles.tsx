'use client';
// Owns the four figures at the top: spend, requests, tokens, errors, each with its change against the period before.
import type { Dashboard } from '@crs/shared';
import { clsx } from 'clsx';
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFormat } from '@/lib/use-format';
import { allTokens, cacheTokens, errorShare, growth } from './figures';

/** Below this a change is noise. */
const STEADY_SHARE = 0.005;

export function Tiles({ data }: { data: Dashboard }) {
  const t = useTranslations('dashboard.tiles');
  const format = useFormat();
  const { current, previous, forecast } = data;
  const share = errorShare(current);
  const shareBefore = errorShare(previous);
  return (
    <dl className="grid grid-cols-2 gap-3 xl:grid-cols-4">
      <Tile
        label={t('spend')}
        value={format.money(current.costNanoUsd)}
        before={format.money(previous.costNanoUsd)}
        change={<Growth share={growth(current.costNanoUsd, previous.costNanoUsd)} />}
        parts={
          forecast === null
            ? t('noForecast')
            : t('forecast', {
                spent: format.money(forecast.monthToDateNanoUsd),
                low: format.moneyShort(forecast.lowNanoUsd),
                high: format.moneyShort(forecast.highNanoUsd),
              })
        }
      />
      <Tile
        label={t('requests')}
        value={format.count(current.requests)}
        before={format.count(previous.requests)}
        change={<Growth share={growth(current.requests, previous.requests)} />}
        parts={t('attempts', { attempts: format.count(current.attempts) })}
      />
      <Tile
        label={t('tokens')}
        value={format.tokens(allTokens(current))}
        before={format.tokens(allTokens(previous))}
        change={<Growth share={growth(allTokens(current), allTokens(previous))} />}
        parts={t('tokenParts', {
          input: format.tokens(current.input),
          output: format.tokens(current.output),
          cache: format.tokens(cacheTokens(current)),
        })}
      />
      <Tile
        label={t('errors')}
        value={share === null ? '–' : format.percent(share, 2)}
        before={shareBefore === null ? '–' : format.percent(shareBefore, 2)}
        change={<Points from={shareBefore} to={share} />}
        parts={t('failed', {
          failed: format.count(current.errors),
          requests: format.count(current.requests),
        })}
      />
    </dl>
  );
}

interface TileProps {
  label: string;
  value: string;
  /** The same figure in the period before. */
  before: string;
  change: ReactNode;
  /** What the figure is made of. */
  parts: string;
}

function Tile({ label, value, before, change, parts }: TileProps) {
  const t = useTranslations('dashboard.tiles');
  return (
    <div className="min-w-0 rounded-card border border-line bg-surface px-4 py-3 max-sm:px-3">
      <dt className="text-muted text-sm">{label}</dt>
      <dd>
        <span className="block font-semibold text-2xl max-sm:text-xl">{value}</span>
        <span className="flex flex-wrap items-baseline gap-x-1.5 text-xs">
          {change}
          <span className="text-muted">{t('before', { value: before })}</span>
        </span>
        <span className="block text-muted text-xs sm:truncate" title={parts}>
          {parts}
        </span>
      </dd>
    </div>
  );
}

/** A change in percent; more spend or traffic is neither good nor bad. */
function Growth({ share }: { share: number | null }) {
  const t = useTranslations('dashboard.tiles');
  const format = useFormat();
  if (share === null) return null;
  const steady = Math.abs(share) < STEADY_SHARE;
  const percent = format.percent(Math.abs(share), Math.abs(share) >= 1 ? 0 : 1);
  return (
    <Change direction={steady ? 'steady' : share > 0 ? 'up' : 'down'}>
      {steady ? t('steady') : share > 0 ? t('more', { percent }) : t('less', { percent })}
    </Change>
  );
}

/** A change of a share in percentage points; more errors are bad. */
function Points({ from, to }: { from: number | null; to: number | null }) {
  const t = useTranslations('dashboard.tiles');
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
        'inline-flex items-center gap-0.5 self-center font-medium',
        props.className ?? 'text-text-soft',
      )}
    >
      <Arrow aria-hidden className="size-3.5" />
      {props.children}
    </span>
  );
}
