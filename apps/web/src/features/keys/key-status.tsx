'use client';
// Owns how the state and the end of a key are shown.
import type { Key, KeyStatus } from '@crs/shared';
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { StatusText, type Tone } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/time';
import { useNow } from '@/lib/use-now';
import { expiryUrgency } from './key-state';
import { useKeyWords } from './use-key-words';

const tones: Record<KeyStatus, Tone> = {
  active: 'ok',
  disabled: 'neutral',
  expired: 'bad',
  'not-activated': 'info',
  deleted: 'neutral',
};

export function KeyStatusText({ status }: { status: KeyStatus }) {
  const t = useTranslations('keys');
  return <StatusText tone={tones[status]}>{t(`status.${status}`)}</StatusText>;
}

const urgencyLooks = { over: 'text-bad-text', soon: 'text-warn-text font-medium', far: '' } as const;

export function KeyEnd({ apiKey }: { apiKey: Key }) {
  const words = useKeyWords();
  const now = useNow(15_000);
  const { expiresAt, expiration } = apiKey;
  if (expiresAt !== null) {
    return (
      <RelativeTime
        at={expiresAt}
        className={clsx('whitespace-nowrap', urgencyLooks[expiryUrgency(expiresAt, now)])}
      />
    );
  }
  const text = words.expiration(expiration);
  return (
    <span title={text} className="block max-w-36 truncate text-muted">
      {text}
    </span>
  );
}
