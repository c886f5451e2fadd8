'use client';
// Owns the last day of an account as a strip, a bar per quarter of an hour; and the same as a table.
import type { AccountHistory } from '@crs/shared';
import { clsx } from 'clsx';
import { ChartColumn, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { type Quarter, type QuarterTone, sumOfDay, toneOfQuarter } from './health-day';

/** Told by height too, for those who do not tell the colours apart. */
const looks: Record<QuarterTone, string> = {
  unknown: 'h-1/6 bg-sunken',
  idle: 'h-1/3 bg-ok-line',
  ok: 'h-2/3 bg-ok',
  warn: 'h-5/6 bg-warn',
  bad: 'h-full bg-bad',
  off: 'h-1/6 bg-line-control',
};
const legend = ['ok', 'warn', 'bad', 'off', 'idle'] as const;

/** A list that scrolls must do so by keyboard too. */
const scrolledByKeyboard = { role: 'region', tabIndex: 0 };

export function HealthStrip({ quarters }: Pick<AccountHistory, 'quarters'>) {
  const t = useTranslations('accounts.day');
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const { requests, failures } = sumOfDay(quarters);
  const summary = t('summary', {
    requests,
    failures: format.count(failures),
  });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-sm text-text-soft">{summary}</p>
        <IconButton
          label={asTable ? t('asStrip') : t('asTable')}
          size="iconSmall"
          icon={asTable ? <ChartColumn /> : <Table2 />}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      {asTable ? <DayTable quarters={quarters} /> : <Strip quarters={quarters} summary={summary} />}
    </div>
  );
}

function Strip({ quarters, summary }: Pick<AccountHistory, 'quarters'> & { summary: string }) {
  const t = useTranslations('accounts.day');
  const words = useQuarterWords();
  const first = quarters[0]?.at;
  const middle = quarters[48]?.at;
  return (
    <>
      <div role="img" aria-label={summary} className="flex h-11 items-end gap-px border-line border-b">
        {quarters.map((quarter) => (
          <span
            key={quarter.at}
            title={words.line(quarter)}
            className={clsx(
              'min-w-0 flex-1 rounded-t-[2px] transition-opacity hover:opacity-70',
              looks[toneOfQuarter(quarter)],
            )}
          />
        ))}
      </div>
      <div aria-hidden className="flex justify-between text-muted text-xs">
        <span>{first === undefined ? '' : words.time(first)}</span>
        <span>{middle === undefined ? '' : words.time(middle)}</span>
        <span>{t('now')}</span>
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        {legend.map((tone) => (
          <li key={tone} className="flex items-center gap-1.5">
            <span aria-hidden className="flex h-3 w-2.5 items-end">
              <span className={clsx('w-full rounded-t-[2px]', looks[tone])} />
            </span>
            {t(`tones.${tone}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Quarters in which something was, the newest first. */
function DayTable({ quarters }: Pick<AccountHistory, 'quarters'>) {
  const t = useTranslations('accounts.day');
  const states = useTranslations('accounts.status');
  const format = useFormat();
  const words = useQuarterWords();
  const told = quarters
    .filter(({ requests, status }) => requests > 0 || (status !== null && status !== 'ready'))
    .toReversed();
  if (told.length === 0) return <p className="text-muted text-sm">{t('nothing')}</p>;
  return (
    <div {...scrolledByKeyboard} aria-label={t('asTable')} className="max-h-72 overflow-y-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{t('title')}</caption>
        <thead>
          <tr className="text-muted text-xs">
            <th scope="col" className="sticky top-0 h-7 bg-surface text-left font-medium">
              {t('time')}
            </th>
            <th scope="col" className="sticky top-0 h-7 bg-surface text-left font-medium">
              {t('state')}
            </th>
            <th scope="col" className="sticky top-0 h-7 bg-surface text-right font-medium">
              {t('requests')}
            </th>
            <th scope="col" className="sticky top-0 h-7 bg-surface text-right font-medium">
              {t('failures')}
            </th>
          </tr>
        </thead>
        <tbody>
          {told.map(({ at, status, requests, failures }) => (
            <tr key={at}>
              <th scope="row" className="h-7 border-line border-t text-left font-normal">
                {words.span(at)}
              </th>
              <td className="border-line border-t">{status === null ? '–' : states(status)}</td>
              <td className="border-line border-t text-right">{format.count(requests)}</td>
              <td className={clsx('border-line border-t text-right', failures > 0 && 'text-bad-text')}>
                {format.count(failures)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const QUARTER_MS = 15 * 60_000;

function useQuarterWords() {
  const t = useTranslations('accounts');
  const format = useFormat();
  const zone = useSession().data?.server.timezone ?? 'UTC';
  const time = (iso: string) => format.clock(iso, zone);
  const span = (iso: string) => `${time(iso)}–${time(new Date(Date.parse(iso) + QUARTER_MS).toISOString())}`;
  return {
    time,
    span,
    line: ({ at, requests, failures, status }: Quarter) =>
      [
        span(at),
        status === null ? t('day.unknown') : t(`status.${status}`),
        t('day.line', { requests, failures: format.count(failures) }),
      ].join(' · '),
  };
}
