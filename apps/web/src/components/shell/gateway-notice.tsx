'use client';
// Owns the strip above the page while the gateway or its database does not answer; when it is back, the page goes on by
// itself.
import { useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { healthQueryKey, useHealth } from '@/lib/health';
import { notify } from '../ui/notify';

export function GatewayNotice() {
  const t = useTranslations('shell.outage');
  const queries = useQueryClient();
  const { data, isError, isPending } = useHealth();
  const outage = isError ? 'unreachable' : data?.status === 'unhealthy' ? 'unhealthy' : null;
  const wasOut = useRef(false);

  useEffect(() => {
    if (outage !== null) wasOut.current = true;
    else if (wasOut.current && !isPending) {
      wasOut.current = false;
      notify.success(t('back'));
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== healthQueryKey[0] });
    }
  }, [outage, isPending, queries, t]);

  return (
    <div role="status">
      {outage !== null && (
        <div className="flex items-start gap-2.5 border-warn-line border-b bg-warn-soft px-6 py-2 text-sm text-warn-text max-md:px-4">
          <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0" />
          <p className="min-w-0">{t(`states.${outage}`)}</p>
        </div>
      )}
    </div>
  );
}
