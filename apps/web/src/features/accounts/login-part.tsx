'use client';
// Owns the login of an account: when its access token ends, whether it is renewed, and renewing it now.
import type { Account } from '@crs/shared';
import { clsx } from 'clsx';
import { LogIn, RefreshCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Countdown, RelativeTime } from '@/components/ui/time';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { Part } from './part';

interface LoginPartProps {
  account: Account;
  /** Resolves when the vendor has answered, whatever it said. */
  onRenew?: (() => Promise<void>) | undefined;
  onSignIn?: (() => void) | undefined;
}

export function LoginPart({ account: { login, status }, onRenew, onSignIn }: LoginPartProps) {
  const t = useTranslations('accounts.login');
  const [busy, setBusy] = useState(false);
  if (login === null) return null;
  const isRefused = status === 'needs-login';

  async function renew() {
    setBusy(true);
    await onRenew?.();
    setBusy(false);
  }

  return (
    <Part
      title={t('part')}
      action={
        <span className="flex gap-2">
          {login.isRenewable && onRenew !== undefined && (
            <Button size="sm" icon={<RefreshCw />} busy={busy} onClick={() => void renew()}>
              {t('renew')}
            </Button>
          )}
          {/* Where it is the way out, it stands beside the state. */}
          {onSignIn !== undefined && !isRefused && (
            <Button size="sm" icon={<LogIn />} onClick={onSignIn}>
              {t('signInAgain')}
            </Button>
          )}
        </span>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        <dt className="text-muted">{t('tokenEnds')}</dt>
        <dd className="text-right">
          <Ending at={login.expiresAt} />
        </dd>
        <dt className="text-muted">{t('renewal')}</dt>
        <dd className={clsx('text-right', isRefused && 'font-medium text-bad-text')}>
          {isRefused ? t('refused') : login.isRenewable ? t('byItself') : t('byHand')}
        </dd>
      </dl>
    </Part>
  );
}

function Ending({ at }: { at: string | null }) {
  const t = useTranslations('accounts.login');
  const format = useFormat();
  const isOver = useNow(1000) >= (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));
  if (at === null) return t('noEnd');
  if (isOver) {
    return (
      <span className="font-medium text-bad-text">
        {t('ended')} <RelativeTime at={at} />
      </span>
    );
  }
  return (
    <>
      <Countdown at={at} className="font-medium" />
      <span className="text-muted">{` · ${format.exactTime(at)}`}</span>
    </>
  );
}
