'use client';
// Owns the picture above the list: how many requests over time, by class of status. Dragging over it narrows the time, a
// press on a bar takes that bar's, a press on a class filters by it. The same figures are there as a table.
import type { RequestHistogram } from '@crs/shared';
import { clsx } from 'clsx';
import { ChartColumn, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type PointerEvent, useId, useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { useFormat } from '@/lib/use-format';
import type { ListStateControl } from '@/lib/use-list-state';
import { barAt, type Bar, peakOf, selectionOf, sumOf } from './histogram-bars';
import type { requestFilters } from './list-definition';

const classes = [
  { key: 'success', status: '2xx', colour: 'var(--chart-3)' },
  { key: 'clientError', status: '4xx', colour: 'var(--warn)' },
  { key: 'serverError', status: '5xx', colour: 'var(--bad)' },
  { key: 'none', status: '0', colour: 'var(--line-control)' },
] as const;

const scrolls = { tabIndex: 0, role: 'region' } as const;

interface HistogramProps {
  data: RequestHistogram;
  list: ListStateControl<typeof requestFilters>;
}

export default function Histogram({ data, list }: HistogramProps) {
  const t = useTranslations('requests.histogram');
  const format = useFormat();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const { bars, stepMs, total } = data;
  const sums = Object.fromEntries(
    classes.map(({ key }) => [key, bars.reduce((sum, bar) => sum + bar[key], 0)]),
  );
  const pointed = hovered === null ? undefined : bars[hovered];
  // Seconds are told where bars are shorter than a minute.
  const time = stepMs < 60_000 ? format.logTime : format.dateTime;
  const shownClasses = classes.filter(({ key }) => key !== 'none' || (sums[key] ?? 0) > 0);
  const narrow = (first: number, last: number) => {
    list.setFilters({ range: '', ...selectionOf(bars, stepMs, first, last) });
  };
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-surface px-3 pt-1.5 pb-2">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3">
        <h2 id={id} className="font-semibold text-sm">
          {t('title', { total, count: format.count(total) })}
        </h2>
        <ul className="flex flex-wrap items-center gap-x-1 text-xs">
          {shownClasses.map(({ key, status, colour }) => (
            <li key={key}>
              <button
                type="button"
                aria-pressed={list.state.filters.status === status}
                onClick={() => list.setFilter('status', list.state.filters.status === status ? '' : status)}
                className="flex h-6 items-center gap-1.5 rounded-[4px] px-1.5 text-text-soft hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:text-accent-text max-sm:h-11"
              >
                <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colour }} />
                {t(`class.${key}`)}
                <span className="tabular-nums">{format.count(sums[key] ?? 0)}</span>
              </button>
            </li>
          ))}
        </ul>
        <p aria-hidden className="ml-auto truncate text-muted text-xs max-md:hidden">
          {pointed === undefined
            ? t('hint')
            : t('bar', {
                time: time(pointed.at),
                count: format.count(sumOf(pointed)),
                errors: format.count(pointed.clientError + pointed.serverError),
              })}
        </p>
        <IconButton
          label={asTable ? t('showChart') : t('showTable')}
          size="iconSmall"
          icon={asTable ? <ChartColumn /> : <Table2 />}
          className="max-md:ml-auto"
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      {asTable ? (
        <BarTable
          time={time}
          shownClasses={shownClasses}
          label={t('title', { total, count: format.count(total) })}
          bars={bars}
          onNarrow={(index) => narrow(index, index)}
        />
      ) : (
        <BarField bars={bars} summary={summaryOf()} onHover={setHovered} onSelect={narrow} />
      )}
      {!asTable && (
        <div aria-hidden className="mt-1 flex justify-between text-muted text-xs">
          <span>{time(data.from)}</span>
          <span>{time(data.to)}</span>
        </div>
      )}
    </section>
  );

  function summaryOf(): string {
    return t('summary', {
      total: format.count(total),
      from: time(data.from),
      to: time(data.to),
      client: format.count(sums['clientError'] ?? 0),
      server: format.count(sums['serverError'] ?? 0),
    });
  }
}

interface BarFieldProps {
  bars: readonly Bar[];
  summary: string;
  onHover: (index: number | null) => void;
  onSelect: (first: number, last: number) => void;
}

function BarField({ bars, summary, onHover, onSelect }: BarFieldProps) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const peak = Math.max(1, peakOf(bars));
  const indexOf = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return barAt(event.clientX - left, width, bars.length);
  };
  const [first, last] =
    drag === null ? [0, -1] : [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  return (
    <div
      role="img"
      aria-label={summary}
      className="relative flex h-16 cursor-crosshair touch-pan-y select-none items-stretch gap-px"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const index = indexOf(event);
        setDrag({ from: index, to: index });
      }}
      onPointerMove={(event) => {
        const index = indexOf(event);
        onHover(index);
        if (drag !== null) setDrag({ ...drag, to: index });
      }}
      onPointerUp={() => {
        if (drag !== null) onSelect(first, last);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => onHover(null)}
    >
      {bars.map((bar, index) => (
        <span
          key={bar.at}
          className={clsx(
            'flex min-w-0 flex-1 flex-col-reverse rounded-[1px] hover:bg-sunken',
            index >= first && index <= last && 'bg-accent-soft',
          )}
        >
          {classes.map(({ key, colour }) =>
            bar[key] === 0 ? null : (
              <span
                key={key}
                className="min-h-[2px]"
                style={{ background: colour, height: `${(bar[key] / peak) * 100}%` }}
              />
            ),
          )}
        </span>
      ))}
    </div>
  );
}

interface BarTableProps {
  label: string;
  time: (iso: string) => string;
  shownClasses: readonly (typeof classes)[number][];
  bars: readonly Bar[];
  onNarrow: (index: number) => void;
}

/** Every bar that has something, and the way to narrow the list to it without a pointer. */
function BarTable({ label, time, shownClasses, bars, onNarrow }: BarTableProps) {
  const t = useTranslations('requests.histogram');
  const format = useFormat();
  return (
    // It scrolls, and must do so by keyboard too.
    <div {...scrolls} aria-label={label} className="max-h-48 overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="text-muted text-xs">
            <th scope="col" className="text-left font-medium">
              {t('time')}
            </th>
            {shownClasses.map(({ key }) => (
              <th key={key} scope="col" className="pl-3 text-right font-medium">
                {t(`class.${key}`)}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">{t('narrow')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, index) =>
            sumOf(bar) === 0 ? null : (
              <tr key={bar.at}>
                <th scope="row" className="h-7 whitespace-nowrap border-line border-t text-left font-normal">
                  {time(bar.at)}
                </th>
                {shownClasses.map(({ key }) => (
                  <td key={key} className="border-line border-t pl-3 text-right">
                    {format.count(bar[key])}
                  </td>
                ))}
                <td className="border-line border-t pl-3 text-right">
                  <Button size="sm" variant="link" onClick={() => onNarrow(index)}>
                    {t('narrow')}
                  </Button>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
