'use client';
// Owns changing the own password: demanded after the first sign-in, or wanted.
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { notify } from '@/components/ui/notify';
import { ErrorState } from '@/components/ui/states';
import { safeNext } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { isApiError } from '@/lib/api';
import { useSignOut } from '@/lib/use-sign-out';
import { EntryFrame } from './entry-frame';
import { PasswordForm } from './password-form';

export function ChangePasswordPage() {
  const t = useTranslations('auth');
  const shell = useTranslations('shell');
  const router = useRouter();
  const target = safeNext(useSearchParams().get('next'));
  const session = useSession();
  const signOut = useSignOut();

  if (session.data === undefined) {
    const waiting = session.error === null || (isApiError(session.error) && session.error.status === 401);
    return waiting ? null : (
      <EntryFrame title={t('changePassword')}>
        <ErrorState
          title={shell('sessionFailed')}
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </EntryFrame>
    );
  }

  const { username, mustChangePassword } = session.data.user;
  return (
    <EntryFrame title={t('changePassword')} description={t('changePasswordFor', { username })}>
      {mustChangePassword && (
        <Alert tone="info" title={t('forcedTitle')} className="mb-5">
          <p>{t('forcedHelp')}</p>
        </Alert>
      )}
      <PasswordForm
        username={username}
        minimumLength={session.data.server.passwordMinimumLength}
        onDone={() => {
          notify.success(t('passwordChanged'), { description: t('othersSignedOut') });
          router.replace(target);
        }}
        onCancel={mustChangePassword ? undefined : () => router.replace(target)}
      />
      {mustChangePassword && (
        <Button variant="link" className="mt-4" onClick={signOut}>
          {shell('signOut')}
        </Button>
      )}
    </EntryFrame>
  );
}
