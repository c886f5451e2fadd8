'use client';
// Owns how the end of a request is told: the status the client got, and a word where it did not simply go well.
import type { RequestOutcome } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { StatusText, type Tone } from '@/components/ui/badge';

export const outcomeTones: Record<RequestOutcome, Tone> = {
  ok: 'ok',
  failed: 'bad',
  client_left: 'neutral',
  refused: 'warn',
  crashed: 'bad',
};

export function StatusCell({ status, outcome }: { status: number; outcome: RequestOutcome }) {
  const t = useTranslations('requests');
  return (
    <StatusText tone={outcomeTones[outcome]}>
      <span className="font-medium">{status}</span>
      {outcome === 'ok' ? (
        <span className="sr-only">{t('outcome.ok')}</span>
      ) : (
        <span className="text-text-soft">{t(`outcome.${outcome}`)}</span>
      )}
    </StatusText>
  );
}
