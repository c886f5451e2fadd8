'use client';
// Owns the timeline of a request: one bar of its time by phase, and the events with their offsets.
import type { RequestDetail } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';
import { Part } from './part';
import { type Phase, segmentsOf, timePerPhase } from './timeline';

const colours: Record<Phase, string> = {
  admit: 'var(--chart-4)',
  route: 'var(--chart-2)',
  upstream: 'var(--chart-1)',
  stream: 'var(--chart-3)',
};

export function TimelineBar({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  const format = useFormat();
  const segments = segmentsOf(request.timeline, request.durationMs);
  const perPhase = timePerPhase(segments);
  const totalMs = segments.at(-1)?.endMs ?? 0;
  const summary = perPhase.map(({ phase, ms }) => `${t(`phase.${phase}`)} ${format.duration(ms)}`).join(', ');
  return (
    <Part
      title={t('timeline')}
      aside={
        <span className="text-sm">
          {request.firstEventMs !== null && (
            <span className="text-muted">
              {`${t('firstAfter', { time: format.duration(request.firstEventMs) })} · `}
            </span>
          )}
          <span className="font-medium">{format.duration(request.durationMs)}</span>
        </span>
      }
    >
      {totalMs > 0 && (
        <>
          <div
            role="img"
            aria-label={summary}
            className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken"
          >
            {segments.map(({ phase, startMs, endMs }) => (
              <span
                key={startMs}
                title={`${t(`phase.${phase}`)} ${format.duration(endMs - startMs)}`}
                className="h-full min-w-[3px]"
                style={{ flexGrow: endMs - startMs, background: colours[phase] }}
              />
            ))}
          </div>
          <ul aria-hidden className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {perPhase.map(({ phase, ms }) => (
              <li key={phase} className="flex items-center gap-1.5">
                <span className="size-2 rounded-[2px]" style={{ background: colours[phase] }} />
                <span className="text-muted">{t(`phase.${phase}`)}</span>
                {format.duration(ms)}
              </li>
            ))}
          </ul>
        </>
      )}
      {request.timeline.length > 0 && (
        <ol className="mt-3 grid grid-cols-[auto_auto_1fr] gap-x-4 text-xs leading-6">
          {request.timeline.map(({ event, atMs, detail: told }, index) => {
            // What a refusal says stands above, in full.
            const detail = event === 'refused' ? null : told;
            return (
              // Events repeat and have no id; their order is fixed.
              <li key={`${index}-${event}`} className="contents">
                <span className="text-right text-muted tabular-nums">{`+${format.duration(atMs)}`}</span>
                <span>{t.has(`event.${event}` as never) ? t(`event.${event}` as never) : event}</span>
                <span className="min-w-0 truncate text-muted" title={detail ?? undefined}>
                  {event === 'ended' && t.has(`ending.${detail}` as never)
                    ? t(`ending.${detail}` as never)
                    : detail}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </Part>
  );
}
