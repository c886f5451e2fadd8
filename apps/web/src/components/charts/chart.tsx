'use client';
// Owns the frame of every chart: a sentence as title, the legend, a reserved height, the drawing when it comes into
// view, and the same figures as a table.
import { ChartColumn, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from '../ui/button';
import { Skeleton } from '../ui/skeleton';
import { ChartTable } from './chart-table';
import { type ChartSpec, seriesColour } from './chart-types';

const ChartCanvas = lazy(() => import('./chart-canvas'));

export interface ChartProps extends ChartSpec {
  /** A sentence that says what is seen, e.g. "Spend per hour by model". */
  title: string;
  /** Unit of the value axis, e.g. "USD". */
  unit: string;
  /** One line with the gist, for everybody who does not see the drawing. */
  summary: string;
  height?: number;
  /** Shown instead when there are no points. */
  empty?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
}

export function Chart({ title, unit, summary, height = 220, empty, actions, ...spec }: ChartProps) {
  const t = useTranslations('common.chart');
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSeen(frame);
  const hasPoints = spec.points.length > 0 && spec.series.length > 0;

  let content: ReactNode;
  if (!hasPoints) {
    content = (
      <div className="grid h-full place-items-center text-center text-muted text-sm">
        {empty ?? t('empty')}
      </div>
    );
  } else if (asTable) {
    content = <ChartTable title={title} spec={spec} />;
  } else {
    content = (
      <div role="img" aria-label={summary} className="h-full">
        {seen && (
          <Suspense fallback={<Skeleton className="h-full w-full" />}>
            <ChartCanvas spec={spec} />
          </Suspense>
        )}
      </div>
    );
  }

  return (
    <section
      aria-labelledby={id}
      className="min-w-0 rounded-card border border-line bg-surface px-4 pt-3 pb-3"
    >
      <div className="mb-2 flex min-h-8 items-center gap-x-3">
        <h2 id={id} className="min-w-0 flex-1 truncate font-semibold text-sm">
          {title} <span className="font-normal text-muted">{t('unit', { unit })}</span>
        </h2>
        <div className="flex items-center gap-1">
          {actions}
          {hasPoints && (
            <IconButton
              label={asTable ? t('showChart') : t('showTable')}
              size="iconSmall"
              icon={asTable ? <ChartColumn /> : <Table2 />}
              onClick={() => setAsTable(!asTable)}
            />
          )}
        </div>
      </div>
      <div
        ref={frame}
        style={{ height }}
        // As a table it scrolls, and must do so by keyboard too.
        {...(asTable ? { tabIndex: 0, role: 'region', 'aria-label': title, className: 'overflow-auto' } : {})}
      >
        {content}
      </div>
      {/* Below the drawing, so that charts beside each other stand on one line. */}
      {hasPoints && !asTable && spec.series.length > 1 && (
        <ul className="mt-2 flex flex-wrap gap-x-3 text-muted text-xs">
          {spec.series.map((series, index) => (
            <li key={series.key} className="flex items-center gap-1.5">
              <span
                aria-hidden
                className="size-2 rounded-[2px]"
                style={{ background: seriesColour(series, index) }}
              />
              {series.label}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** True once the element has been near the window; stays true. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (target === null || seen) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '120px' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}
