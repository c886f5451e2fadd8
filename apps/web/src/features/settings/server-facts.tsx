'use client';
// Owns what the server says of itself: version, clock, zone, parts and their health.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { StatusText } from '@/components/ui/badge';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { type Health, useHealth } from '@/lib/health';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

export function ServerFacts() {
  const t = useTranslations('settings.server');
  const session = useSession();
  const health = useHealth();
  const server = session.data?.server;
  return (
    <dl className="divide-y divide-line">
      <Fact label={t('version')}>{server?.version}</Fact>
      <Fact label={t('time')}>{server !== undefined && <ServerTime timeZone={server.timezone} />}</Fact>
      <Fact label={t('timezone')} help={t('timezoneHelp')}>
        {server?.timezone}
      </Fact>
      <Fact label={t('keyPrefix')}>
        {server !== undefined && <code className="font-mono">{server.apiKeyPrefix}</code>}
      </Fact>
      {health.data === undefined && health.error !== null ? (
        <ErrorState
          title={t('healthFailed')}
          error={health.error}
          onRetry={() => void health.refetch()}
          className="py-6!"
        />
      ) : (
        <HealthFacts health={health.data} />
      )}
    </dl>
  );
}

function HealthFacts({ health }: { health: Health | undefined }) {
  const t = useTranslations('settings.server');
  const shell = useTranslations('shell.health');
  const format = useFormat();
  return (
    <>
      <Fact label={t('health')}>
        {health !== undefined && (
          <StatusText tone={health.status === 'healthy' ? 'ok' : 'bad'}>
            {shell(`states.${health.status}`)}
          </StatusText>
        )}
      </Fact>
      {health?.components.map((component) => (
        <Fact key={component.name} label={component.name}>
          <StatusText tone={component.healthy ? 'ok' : 'bad'}>
            {shell(component.healthy ? 'states.healthy' : 'states.unhealthy')}
          </StatusText>
          {component.latencyMs !== null && (
            <span className="text-muted">{` · ${format.duration(component.latencyMs)}`}</span>
          )}
        </Fact>
      ))}
      <Fact label={t('uptime')}>{health !== undefined && format.duration(health.uptimeSeconds * 1000)}</Fact>
    </>
  );
}

function ServerTime({ timeZone }: { timeZone: string }) {
  const format = useFormat();
  const now = useNow(1000);
  return format.exactTime(new Date(now).toISOString(), timeZone);
}

function Fact({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-6 py-1.5 text-sm first:pt-0 last:pb-0">
      <dt className="min-w-0">
        {label}
        {help !== undefined && <span className="block text-muted text-xs">{help}</span>}
      </dt>
      <dd className="min-w-0 break-words">
        {children === undefined || children === false ? <Skeleton className="h-3.5 w-32" /> : children}
      </dd>
    </div>
  );
}
