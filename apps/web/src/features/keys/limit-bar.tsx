'use client';
// Owns the limits of a key in one cell of the list: a bar of the tightest one, all of them in the hint; a chunk of its
// own.
import type { LimitState } from '@crs/shared';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Tooltip } from '@/components/ui/tooltip';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { LimitList } from '@/components/limits/limit-list';
import { shareOf, tightest } from '@/components/limits/limit-share';
import { useLimitWords } from '@/components/limits/use-limit-words';

export default function LimitBar({ limits }: { limits: readonly LimitState[] }) {
  const format = useFormat();
  const words = useLimitWords();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const state = tightest(limits);
  if (state === null) return null;
  const name = words.name(state);
  const more = limits.length - 1;
  return (
    <Tooltip content={<LimitList limits={limits} timeZone={timeZone} small />} className="w-full max-sm:w-36">
      <span className="block w-full min-w-0">
        <span className="flex gap-2 text-muted text-xs leading-4">
          <span className="min-w-0 flex-1 truncate">
            {name}
            {more > 0 && ` +${more}`}
          </span>
          {format.percent(shareOf(state), 0)}
        </span>
        <ProgressBar share={shareOf(state)} label={name} className="mt-0.5 h-1!" />
      </span>
    </Tooltip>
  );
}
