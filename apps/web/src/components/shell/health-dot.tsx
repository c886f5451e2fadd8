'use client';
// Owns the sign in the top bar that says whether the gateway is well, and in which part it is not.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { useHealth } from '@/lib/health';
import { useFormat } from '@/lib/use-format';
import { Popover } from '../ui/popover';

type State = 'healthy' | 'unhealthy' | 'unreachable' | 'unknown';

const dots: Record<State, string> = {
  healthy: 'bg-ok',
  unhealthy: 'bg-bad',
  unreachable: 'bg-bad',
  unknown: 'bg-line-control',
};

export function HealthDot() {
  const t = useTranslations('shell.health');
  const format = useFormat();
  const { data, isError } = useHealth();
  const state: State = isError ? 'unreachable' : (data?.status ?? 'unknown');
  const calm = state === 'healthy' || state === 'unknown';
  return (
    <Popover
      title={t('title')}
      trigger={
        <button
          type="button"
          title={t(`states.${state}`)}
          className="inline-flex h-8 items-center gap-1.5 rounded-control px-2 text-sm hover:bg-sunken max-sm:size-11 max-sm:justify-center"
        >
          <span aria-hidden className={clsx('size-2 rounded-full', dots[state])} />
          <span className={calm ? 'sr-only' : 'font-medium text-bad-text max-sm:sr-only'}>
            {t(`states.${state}`)}
          </span>
        </button>
      }
    >
      <p aria-live="polite">{t(`explain.${state}`)}</p>
      {data !== undefined && !isError && (
        <dl className="mt-2 border-line border-t pt-2">
          {data.components.map((component) => (
            <div key={component.name} className="flex justify-between gap-3 leading-6">
              <dt className="text-muted">{component.name}</dt>
              <dd>
                {t(component.healthy ? 'states.healthy' : 'states.unhealthy')}
                {component.latencyMs !== null && ` · ${format.duration(component.latencyMs)}`}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Popover>
  );
}
