'use client';
// Owns who gets past: nobody without a session, and with a password to change nowhere but to its form.
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect } from 'react';
import { isApiError } from '@/lib/api';
import { currentAddress, paths, withQuery } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { ErrorState } from '../ui/states';

export function SessionGate({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const router = useRouter();
  const session = useSession();
  const mustChange = session.data?.user.mustChangePassword === true;

  useEffect(() => {
    if (mustChange) router.replace(withQuery(paths.changePassword, { next: currentAddress() }));
  }, [mustChange, router]);

  if (session.data !== undefined) return mustChange ? null : children;
  // Without a session the query client leads to the sign-in page.
  if (session.error === null || (isApiError(session.error) && session.error.status === 401)) return null;
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">{t('product')}</h1>
      <ErrorState title={t('sessionFailed')} error={session.error} onRetry={() => void session.refetch()} />
    </main>
  );
}
