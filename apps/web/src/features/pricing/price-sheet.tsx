'use client';
// Owns the prices of one model: in force, as listed, over time, and overrides that can be withdrawn; a chunk of its own.
import type { ModelPrice, PriceOverride, PriceProvider, PricingAnswer } from '@crs/shared';
import { Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Sheet } from '@/components/ui/dialog';
import { notify } from '@/components/ui/notify';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { useFormat } from '@/lib/use-format';
import { overridesOf } from './price-rows';
import { PriceTable } from './price-table';
import { useChangePricing, usePriceHistory } from './use-pricing';

interface PriceSheetProps {
  priceKey: string;
  /** null while loading, and where the model has no price now. */
  model: ModelPrice | null;
  pricing: PricingAnswer | null;
  onSetPrice: ((target: { id: string; provider: PriceProvider }) => void) | null;
  onClose: () => void;
}

export default function PriceSheet({ priceKey, model, pricing, onSetPrice, onClose }: PriceSheetProps) {
  const t = useTranslations('pricing');
  const [withdrawing, setWithdrawing] = useState<PriceOverride | null>(null);
  const change = useChangePricing();
  const isOverridden = model !== null && model.overrideId !== null;
  const own = overridesOf(pricing?.overrides ?? [], priceKey);
  const [provider = '', ...rest] = priceKey.split('/');

  async function withdraw({ id }: PriceOverride) {
    if (pricing === null) return;
    await change(pricing, { overrides: pricing.overrides.filter((override) => override.id !== id) });
    notify.success(t('withdrawn'));
  }

  return (
    <>
      <Sheet
        open
        onOpenChange={(open) => !open && onClose()}
        title={rest.join('/')}
        description={provider}
        aside={isOverridden && <Badge tone="accent">{t('overridden')}</Badge>}
        {...(onSetPrice !== null &&
          model !== null && {
            footer: (
              <Button variant="primary" icon={<Tag aria-hidden />} onClick={() => onSetPrice(model)}>
                {t('setPrice')}
              </Button>
            ),
          })}
      >
        <div className="flex flex-col gap-6">
          {model !== null && (
            <Part title={t('inForce')}>
              <PriceTable usdPerMTok={model.usdPerMTok} tiers={model.tiers} />
            </Part>
          )}
          {isOverridden && model.listed !== null && (
            <Part title={t('asListed')}>
              <PriceTable usdPerMTok={model.listed.usdPerMTok} tiers={model.listed.tiers} />
            </Part>
          )}
          {own.length > 0 && (
            <Part title={t('overrides')}>
              <ul className="divide-y divide-line rounded-card border border-line">
                {own.map((override) => (
                  <OverrideLine
                    key={override.id}
                    override={override}
                    onWithdraw={onSetPrice === null ? null : () => setWithdrawing(override)}
                  />
                ))}
              </ul>
            </Part>
          )}
          <Part title={t('history')}>
            <History priceKey={priceKey} />
          </Part>
        </div>
      </Sheet>
      {withdrawing !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setWithdrawing(null)}
          title={t('withdrawQuestion')}
          confirmLabel={t('withdraw')}
          onConfirm={() => withdraw(withdrawing)}
        >
          {t('withdrawHelp')}
        </ConfirmDialog>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h3 id={id} className="mb-2 font-semibold text-sm">
        {title}
      </h3>
      {children}
    </section>
  );
}

function OverrideLine({
  override,
  onWithdraw,
}: {
  override: PriceOverride;
  onWithdraw: (() => void) | null;
}) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const from = format.exactTime(override.from);
  return (
    <li className="flex items-center gap-3 px-3 py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block">{t('from', { from })}</span>
        <span className="block text-muted text-xs">
          {t('setBy', { name: override.createdBy, at: format.exactTime(override.createdAt) })}
          {override.note !== '' && ` · ${override.note}`}
        </span>
      </span>
      {onWithdraw !== null && (
        <Button size="sm" aria-label={t('withdrawFrom', { from })} onClick={onWithdraw}>
          {t('withdraw')}
        </Button>
      )}
    </li>
  );
}

function History({ priceKey }: { priceKey: string }) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const { data, error, refetch } = usePriceHistory(priceKey);
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-40 w-full" />;
    return <ErrorState title={t('historyFailed')} error={error} onRetry={() => void refetch()} />;
  }
  return (
    <ol className="flex flex-col gap-4">
      {data.periods.toReversed().map((period) => (
        <li key={period.from ?? ''}>
          <p className="mb-1.5 flex flex-wrap items-center gap-2 text-sm">
            {period.from === null ? t('ever') : t('from', { from: format.exactTime(period.from) })}
            {period.source === 'override' ? (
              <Badge tone="accent">{t('overridden')}</Badge>
            ) : (
              <Badge>{t('ofList')}</Badge>
            )}
          </p>
          <PriceTable usdPerMTok={period.usdPerMTok} tiers={period.tiers} />
        </li>
      ))}
      {data.withdrawn.map((override) => (
        <li key={`${override.id} ${override.withdrawnAt}`} className="text-muted text-sm">
          {t('withdrawnLine', {
            from: format.exactTime(override.from),
            name: override.withdrawnBy,
            at: format.exactTime(override.withdrawnAt),
          })}
        </li>
      ))}
    </ol>
  );
}
