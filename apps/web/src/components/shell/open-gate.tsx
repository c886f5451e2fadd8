'use client';
// Owns the two frames of pages for everybody. Whoever never signed in here is not asked for a session.
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { hasSignedIn, useSession } from '@/lib/session';
import { PublicFrame } from './public-frame';

const AppShell = lazy(async () => ({ default: (await import('./app-shell')).AppShell }));

export function OpenGate({ children }: { children: ReactNode }) {
  const [mayHaveSession] = useState(hasSignedIn);
  return mayHaveSession ? <WithSession>{children}</WithSession> : <PublicFrame>{children}</PublicFrame>;
}

function WithSession({ children }: { children: ReactNode }) {
  const { data, isPending } = useSession();
  if (isPending) return null;
  // The password that is still to be changed keeps nobody from reading what everybody may read.
  if (data === undefined || data.user.mustChangePassword) return <PublicFrame>{children}</PublicFrame>;
  return (
    <Suspense>
      <AppShell>{children}</AppShell>
    </Suspense>
  );
}
