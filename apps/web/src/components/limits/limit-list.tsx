'use client';
// Owns the limits of a key one below the other: how much of each is used and reserved, and when it frees.
import type { LimitState } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ProgressBar } from '@/components/ui/progress-bar';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { limitId, shareOf } from './limit-share';
import { useLimitWords } from './use-limit-words';

interface LimitListProps {
  limits: readonly LimitState[];
  /** Of the server: it decides when a budget begins anew. */
  timeZone: string;
  /** In a hint there is room for the figures only. */
  small?: boolean;
}

/** Spans only: it also stands in hints, inside of a line. */
export function LimitList({ limits, timeZone, small = false }: LimitListProps) {
  return (
    <span role="list" className={small ? 'flex min-w-60 flex-col gap-2' : 'flex flex-col gap-3.5 text-sm'}>
      {limits.map((state) => (
        <LimitRow key={limitId(state)} state={state} timeZone={timeZone} small={small} />
      ))}
    </span>
  );
}

interface LimitRowProps {
  state: LimitState;
  timeZone: string;
  small: boolean;
}

function LimitRow({ state, timeZone, small }: LimitRowProps) {
  const t = useTranslations('keys.limits');
  const words = useLimitWords();
  const { limit, models, owner, used, held, max } = state;
  const name = words.name(state);
  const use = t('use', { used: words.amount(limit, used), max: words.amount(limit, max) });
  return (
    <span role="listitem" className="flex flex-col gap-1">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 font-medium">
          {name}
          {models !== undefined && (
            <span className="font-mono font-normal text-muted text-xs">{` ${models.join(', ')}`}</span>
          )}
        </span>
        <span>
          {use}
          {held > 0 && (
            <span className="text-muted">{` · ${t('held', { held: words.amount(limit, held) })}`}</span>
          )}
        </span>
      </span>
      <ProgressBar share={shareOf(state)} label={`${name}: ${use}`} />
      {!small && (
        <span className="flex flex-wrap justify-between gap-x-3 text-muted text-xs">
          <span>{owner === 'user' ? t('ofOwner') : <Left state={state} />}</span>
          <Reset state={state} timeZone={timeZone} />
        </span>
      )}
    </span>
  );
}

function Left({ state: { limit, used, held, max } }: { state: LimitState }) {
  const t = useTranslations('keys.limits');
  const words = useLimitWords();
  if (limit === 'concurrency') return null;
  return t('left', { left: words.amount(limit, Math.max(0, max - used - held)) });
}

/** A budget begins anew at a moment; a window empties by and by. */
function Reset({ state, timeZone }: { state: LimitState; timeZone: string }) {
  const { limit, every, resetsAt } = state;
  const t = useTranslations('keys.limits');
  const format = useFormat();
  const now = useNow(1000);
  if (limit === 'concurrency') return null;
  if (every === 'total') return t('neverAnew');
  if (resetsAt === null) return t('unused');
  const time = format.countdown(Date.parse(resetsAt) - now);
  return (
    <time dateTime={resetsAt} title={format.exactTime(resetsAt, limit === 'budget' ? timeZone : undefined)}>
      {limit === 'budget' ? t('anewIn', { time }) : t('emptyIn', { time })}
    </time>
  );
}
