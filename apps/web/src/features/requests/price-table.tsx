'use client';
// Owns the arithmetic of a request's cost: tokens times price per bucket, to the last nano-dollar.
import type { RequestDetail } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { useFormat } from '@/lib/use-format';
import { Part } from './part';
import { buckets } from './usage';

const cellLook = 'border-line border-b py-1.5 pl-3 text-right first:pl-0 first:text-left';

export function PriceTable({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  const format = useFormat();
  const { price, usage, costNanoUsd, chargedNanoUsd, original } = request;
  const bucketName = (bucket: string) =>
    t.has(`bucket.${bucket}` as never) ? t(`bucket.${bucket}` as never) : bucket;
  if (request.attempts.length === 0) {
    return (
      <Part title={t('price.title')}>
        <p className="text-muted text-sm">{t('price.refused')}</p>
      </Part>
    );
  }
  // Buckets that no line prices were used all the same.
  const priced = new Set(price.lines.map(({ bucket }) => bucket));
  const unpriced = buckets.filter((bucket) => usage[bucket] > 0 && !priced.has(bucket));
  return (
    <Part
      title={t('price.title')}
      aside={
        price.model !== null && (
          <span className="text-muted text-xs">
            <code className="font-mono">{price.model}</code>
            {` · ${t('price.pack', { pack: price.packId })}`}
          </span>
        )
      }
    >
      {price.fallback && (
        <Alert tone="warn" className="mb-2">
          {t('price.fallback')}
        </Alert>
      )}
      {original !== null && (
        <Alert className="mb-2">
          {t('price.original', {
            charged: format.moneyExact(original.chargedNanoUsd),
            cost: format.moneyExact(original.costNanoUsd),
            pack: original.packId,
          })}
        </Alert>
      )}
      <div className="overflow-x-auto">
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead className="text-muted text-xs">
            <tr>
              <th scope="col" className={`${cellLook} font-medium`}>
                {t('price.bucket')}
              </th>
              <th scope="col" className={`${cellLook} font-medium`}>
                {t('price.tokens')}
              </th>
              <th scope="col" className={`${cellLook} font-medium`}>
                {t('price.perMillion')}
              </th>
              <th scope="col" className={`${cellLook} font-medium`}>
                {t('columns.cost')}
              </th>
            </tr>
          </thead>
          <tbody>
            {price.lines.map((line) => (
              <tr key={`${line.bucket}-${line.usdPerMTok}`}>
                <th scope="row" className={`${cellLook} font-normal`}>
                  {bucketName(line.bucket)}
                </th>
                <td className={cellLook}>{format.count(line.tokens)}</td>
                <td className={cellLook}>{`$${line.usdPerMTok}`}</td>
                <td className={cellLook}>{format.moneyExact(line.costNanoUsd)}</td>
              </tr>
            ))}
            {unpriced.map((bucket) => (
              <tr key={bucket}>
                <th scope="row" className={`${cellLook} font-normal`}>
                  {bucketName(bucket)}
                </th>
                <td className={cellLook}>{format.count(usage[bucket])}</td>
                <td className={cellLook}>{'–'}</td>
                <td className={cellLook}>{'–'}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="font-semibold">
              <th scope="row" colSpan={3} className="pt-2 text-left font-semibold">
                {t('price.total')}
              </th>
              <td className="pt-2 text-right">{format.moneyExact(costNanoUsd)}</td>
            </tr>
            {chargedNanoUsd !== costNanoUsd && (
              <tr>
                <th scope="row" colSpan={3} className="text-left font-normal text-muted">
                  {t('price.charged')}
                </th>
                <td className="text-right">{format.moneyExact(chargedNanoUsd)}</td>
              </tr>
            )}
          </tfoot>
        </table>
      </div>
      {price.multipliers.length > 0 && (
        <p className="mt-1 text-muted text-xs">
          {t('price.multipliers', { list: price.multipliers.join(', ') })}
        </p>
      )}
    </Part>
  );
}
