'use client';
// Owns what an override would change of the prices in force, shown while it is typed.
import type { ModelPrice } from '@crs/shared';
import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { type Control, useWatch } from 'react-hook-form';
import { useFormat } from '@/lib/use-format';
import { type OverrideValues, priceChanges, tierChanges } from './override-values';

export function PriceDiff({
  model,
  control,
}: {
  model: ModelPrice | null;
  control: Control<OverrideValues>;
}) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const values = useWatch({ control }) as OverrideValues;
  const id = useId();
  const changes = priceChanges(model, values);
  const tiers = tierChanges(model, values);
  const price = (usd: number | null | undefined): string =>
    usd === undefined ? '–' : usd === null ? t('asInput') : format.usdPerMTok(usd);
  const both = (pair: readonly (number | null)[] | null): string =>
    pair === null ? '–' : pair.map(price).join(' / ');
  return (
    <section
      aria-labelledby={id}
      aria-live="polite"
      className="rounded-card border border-line bg-sunken px-3 py-2 text-sm"
    >
      <h3 id={id} className="font-medium">
        {t('diff')}
      </h3>
      {changes.length + tiers.length === 0 ? (
        <p className="text-muted">{t('noDiff')}</p>
      ) : (
        <ul>
          {changes.map(({ bucket, before, after, share }) => (
            <li key={bucket} className="flex flex-wrap items-center gap-x-2">
              <span className="w-36 text-muted">{t(`buckets.${bucket}`)}</span>
              <span className="tabular-nums">{price(before)}</span>
              <ArrowRight role="img" aria-label={t('becomes')} className="size-3.5 text-muted" />
              <span className="font-medium tabular-nums">{price(after)}</span>
              {share !== null && (
                <span className={share > 0 ? 'text-bad-text' : 'text-ok-text'}>
                  {`${share > 0 ? '+' : ''}${format.percent(share)}`}
                </span>
              )}
            </li>
          ))}
          {tiers.map(({ aboveInputTokens, before, after }) => (
            <li key={aboveInputTokens} className="flex flex-wrap items-center gap-x-2">
              <span className="w-36 text-muted">
                {t('above', { tokens: format.tokens(aboveInputTokens) })}
              </span>
              <span className="tabular-nums">{both(before)}</span>
              <ArrowRight role="img" aria-label={t('becomes')} className="size-3.5 text-muted" />
              <span className="font-medium tabular-nums">{both(after)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
