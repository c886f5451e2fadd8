'use client';
// Owns the models that were asked for and have no price: what was charged instead, and the way to a price.
import type { PriceProvider, Service, UnknownModel } from '@crs/shared';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';

const vendors: Record<Service, PriceProvider> = { claude: 'anthropic', openai: 'openai', gemini: 'gemini' };

interface UnpricedProps {
  models: readonly UnknownModel[];
  onSetPrice: ((target: { id: string; provider: PriceProvider }) => void) | null;
}

export function Unpriced({ models, onSetPrice }: UnpricedProps) {
  const t = useTranslations('pricing');
  return (
    <section aria-labelledby="unpriced" className="mb-4 rounded-card border border-warn-line bg-surface">
      <div className="flex items-baseline gap-2 border-line border-b px-4 py-2.5">
        <TriangleAlert aria-hidden className="size-4 shrink-0 self-center text-warn-text" />
        <h2 id="unpriced" className="shrink-0 font-semibold text-base">
          {t('unpriced', { count: models.length })}
        </h2>
        <p className="min-w-0 truncate text-muted text-sm max-md:hidden">{t('unpricedHelp')}</p>
      </div>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto">
        {models.map(({ service, model, requests, lastSeenAt, firstSeenAt, chargedAs }) => (
          <li
            key={`${service}/${model}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-sm"
          >
            <code className="min-w-0 break-all font-medium font-mono max-sm:flex-1">{model}</code>
            <span className="flex min-w-0 flex-1 flex-wrap gap-x-3 text-muted text-xs max-sm:order-1 max-sm:basis-full">
              <span>{t('requests', { count: requests })}</span>
              <span>
                {t('chargedAs')} <code className="break-all font-mono">{chargedAs}</code>
              </span>
              <span>
                {t('firstSeen')} <RelativeTime at={firstSeenAt} />
              </span>
              <span>
                {t('lastSeen')} <RelativeTime at={lastSeenAt} />
              </span>
            </span>
            {onSetPrice !== null && (
              <Button
                size="sm"
                aria-label={t('setPriceOf', { model })}
                onClick={() => onSetPrice({ id: model, provider: vendors[service] })}
              >
                {t('setPrice')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
