'use client';
// Owns how a refusal is told: a limit with its figures and its reset, everything else in the gateway's words.
import type { RequestDetail } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { type LimitRefusal, readLimitRefusal } from './limit-refusal';

export function RefusalWords({ timeline, code }: Pick<RequestDetail, 'timeline'> & { code: string | null }) {
  const t = useTranslations('requests');
  const words = timeline.findLast(({ event }) => event === 'refused')?.detail ?? null;
  const limit = words === null ? null : readLimitRefusal(words);
  const known = code !== null && t.has(`codes.${code}` as never);
  return (
    <>
      {known && <p>{t(`codes.${code}` as never)}</p>}
      {limit !== null && <LimitFigures limit={limit} isBudget={code === 'budget_exceeded'} />}
      {limit === null && words !== null && (
        <p lang="en" className="mt-0.5 text-text-soft text-xs">
          {words}
        </p>
      )}
    </>
  );
}

function LimitFigures({ limit, isBudget }: { limit: LimitRefusal; isBudget: boolean }) {
  const t = useTranslations('requests.limit');
  const format = useFormat();
  // The calendar of a budget is the server's.
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const { unit, every, count, owner, models, max, used, held, needed, resetsAt, isTooLarge } = limit;
  const amount = (value: number) => {
    if (unit === 'usd') return format.money(value);
    return unit === 'tokens'
      ? t('tokens', { count: format.count(value) })
      : t('requests', { count: format.count(value) });
  };
  const span = t(`span.${every}`, { count });
  const rows = [
    [owner === 'key' ? t('ofKey') : t('ofOwner'), t('allows', { amount: amount(max), span })],
    ...(models === null ? [] : [[t('models'), models]]),
    [t('used'), amount(used)],
    ...(held === 0 ? [] : [[t('held'), amount(held)]]),
    ...(needed === null ? [] : [[t('needed'), amount(needed)]]),
    ...(resetsAt === null ? [] : [[t('frees'), format.exactTime(resetsAt, isBudget ? timeZone : undefined)]]),
  ];
  return (
    <>
      <dl className="mt-1.5 grid w-fit grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-xs">
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {isTooLarge && <p className="mt-1 text-xs">{t('tooLarge')}</p>}
    </>
  );
}
