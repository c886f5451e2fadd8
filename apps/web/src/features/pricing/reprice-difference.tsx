'use client';
// Owns the second step of pricing again: what it would change, in all, by model and by key.
import type { RepriceMoney, RepricePreview } from '@crs/shared';
import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { Alert } from '@/components/ui/alert';
import { useFormat } from '@/lib/use-format';

const cellLook = 'border-line border-b py-1.5 pl-3 text-right first:pl-0 first:text-left';

/** Nano-USD with its sign, `+$1.20`. */
export function useSignedMoney(): (nanoUsd: number) => string {
  const { money } = useFormat();
  return (nanoUsd) => `${nanoUsd > 0 ? '+' : ''}${money(nanoUsd)}`;
}

export function RepriceDifference({ preview, from }: { preview: RepricePreview; from: string }) {
  const t = useTranslations('pricing.reprice');
  const format = useFormat();
  const { totals, scope, stillWithoutPrice, chargedByReservation, byModel, byKey } = preview;
  const { moreModels, moreKeys, checked, keptSince } = preview;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-3">
        <p className="text-sm">
          {t('range', { from: format.dateTime(scope.from), to: format.dateTime(scope.to) })}
          {' · '}
          {t('checked', { count: checked })}
          {' · '}
          <code className="break-all font-mono text-xs">{scope.priceListId}</code>
        </p>
        {totals.requests === 0 ? (
          <Alert>{t('nothing')}</Alert>
        ) : (
          <dl className="grid grid-cols-4 gap-3 max-md:grid-cols-2">
            <Figure label={t('changing')} value={format.count(totals.requests)} />
            <Figure label={t('becamePriced')} value={format.count(totals.becamePriced)} />
            <Change label={t('cost')} before={totals.oldCostNanoUsd} after={totals.newCostNanoUsd} />
            <Change label={t('charged')} before={totals.oldChargedNanoUsd} after={totals.newChargedNanoUsd} />
          </dl>
        )}
        {Date.parse(from) < Date.parse(keptSince) && (
          <Alert tone="warn">{t('notKept', { at: format.dateTime(keptSince) })}</Alert>
        )}
        {stillWithoutPrice > 0 && (
          <Alert tone="warn">{t('stillWithoutPrice', { count: stillWithoutPrice })}</Alert>
        )}
        {chargedByReservation > 0 && <Alert>{t('byReservation', { count: chargedByReservation })}</Alert>}
      </div>
      {totals.requests > 0 && (
        <>
          <Lines
            title={t('byModel')}
            more={moreModels}
            lines={byModel.map((line) => ({
              ...line,
              id: line.model,
              name: <code className="font-mono">{line.model}</code>,
            }))}
          />
          <Lines
            title={t('byKey')}
            more={moreKeys}
            lines={byKey.map((line) => ({
              ...line,
              id: line.keyId,
              name: line.keyName ?? <code className="font-mono">{line.keyId}</code>,
            }))}
          />
        </>
      )}
    </div>
  );
}

function Figure({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div className="min-w-0 rounded-card border border-line bg-sunken px-3 py-2">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="font-semibold text-lg tabular-nums">{value}</dd>
    </div>
  );
}

function Change({ label, before, after }: { label: string; before: number; after: number }) {
  const t = useTranslations('pricing');
  const format = useFormat();
  return (
    <div className="min-w-0 rounded-card border border-line bg-sunken px-3 py-2">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="font-semibold text-lg tabular-nums">
        <Difference nanoUsd={after - before} />
        <span className="flex flex-wrap items-center gap-1 font-normal text-muted text-xs">
          {format.money(before)}
          <ArrowRight role="img" aria-label={t('becomes')} className="size-3" />
          {format.money(after)}
        </span>
      </dd>
    </div>
  );
}

/** More is worse, less is better: for whoever pays. */
function Difference({ nanoUsd }: { nanoUsd: number }) {
  const signed = useSignedMoney();
  const look = nanoUsd > 0 ? 'text-bad-text' : nanoUsd < 0 ? 'text-ok-text' : 'text-muted';
  return <span className={look}>{signed(nanoUsd)}</span>;
}

interface Line extends RepriceMoney {
  id: string;
  name: ReactNode;
}

function Lines({ title, lines, more }: { title: string; lines: readonly Line[]; more: number }) {
  const t = useTranslations('pricing.reprice');
  const format = useFormat();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1 font-semibold text-base">
        {title}
      </h3>
      <div className="overflow-x-auto">
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead className="text-muted text-xs">
            <tr>
              <th scope="col" className={`${cellLook} font-medium`}>
                {t('name')}
              </th>
              <th scope="col" className={`${cellLook} w-28 font-medium max-sm:hidden`}>
                {t('requests')}
              </th>
              <th scope="col" className={`${cellLook} w-28 font-medium max-sm:hidden`}>
                {t('before')}
              </th>
              <th scope="col" className={`${cellLook} w-28 font-medium`}>
                {t('after')}
              </th>
              <th scope="col" className={`${cellLook} w-28 font-medium`}>
                {t('difference')}
              </th>
            </tr>
          </thead>
          <tbody className="tabular-nums">
            {lines.map((line) => (
              <tr key={line.id}>
                <th scope="row" className={`${cellLook} break-all font-normal`}>
                  {line.name}
                </th>
                <td className={`${cellLook} max-sm:hidden`}>{format.count(line.requests)}</td>
                <td className={`${cellLook} max-sm:hidden`}>{format.money(line.oldCostNanoUsd)}</td>
                <td className={cellLook}>{format.money(line.newCostNanoUsd)}</td>
                <td className={`${cellLook} font-medium`}>
                  <Difference nanoUsd={line.newCostNanoUsd - line.oldCostNanoUsd} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className="mt-1 text-muted text-xs">{t('more', { count: more })}</p>}
    </section>
  );
}
