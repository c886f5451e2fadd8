'use client';
// Owns prices as a table: a row a kind of tokens, a column for the standard price and for every tier.
import { type Priced, priceBuckets } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';

export function PriceTable({ usdPerMTok, tiers }: Priced) {
  const t = useTranslations('pricing');
  const format = useFormat();
  return (
    <div className="overflow-x-auto rounded-card border border-line">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b text-left text-muted text-xs [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-medium">
            <th scope="col">{t('unit')}</th>
            <th scope="col" className="text-right!">
              {tiers.length === 0 ? t('price') : t('standard')}
            </th>
            {tiers.map(({ aboveInputTokens }) => (
              <th key={aboveInputTokens} scope="col" className="text-right!">
                {t('above', { tokens: format.tokens(aboveInputTokens) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {priceBuckets.map((bucket) => (
            <tr key={bucket} className="[&>*]:px-3 [&>*]:py-1.5">
              <th scope="row" className="text-left font-normal">
                {t(`buckets.${bucket}`)}
              </th>
              {[usdPerMTok, ...tiers.map((tier) => tier.usdPerMTok)].map((prices, index) => {
                const usd = prices[bucket];
                return (
                  <td key={tiers[index - 1]?.aboveInputTokens ?? 0} className="text-right tabular-nums">
                    {usd === null ? (
                      <span className="text-muted">{t('asInput')}</span>
                    ) : (
                      format.usdPerMTok(usd)
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
