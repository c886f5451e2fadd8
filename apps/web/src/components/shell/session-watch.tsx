'use client';
// Owns how a session ends: told some minutes before, put off with one press, and followed by a sign-in over the page.
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useSession } from '@/lib/session';
import { lastSessionUseMs, sessionEnd, useSessionOver } from '@/lib/session-life';
import { useNow } from '@/lib/use-now';

const SessionBar = lazy(() => import('./session-bar'));
const SignInAgain = lazy(() => import('./sign-in-again'));

const TOLD_BEFORE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 5000;

export function SessionWatch() {
  const t = useTranslations('shell.session');
  const { data, refetch } = useSession();
  const isOver = useSessionOver();
  const now = useNow(LOOK_EVERY_MS);
  const [isSigningIn, setSigningIn] = useState(false);
  const [closedFor, setClosedFor] = useState(0);
  const end = data === undefined ? null : sessionEnd(data, lastSessionUseMs());
  const left = end === null ? Number.POSITIVE_INFINITY : end.atMs - now;
  const isDue = left <= 0 && !isOver;

  // Another window may have used it meanwhile: the gateway knows.
  useEffect(() => {
    if (isDue) void refetch();
  }, [isDue, refetch]);

  if (data === undefined || end === null) return null;
  return (
    <Suspense>
      {isOver || isSigningIn ? (
        <SignInAgain
          username={data.user.username}
          description={isOver ? t('overHelp') : t('renewHelp')}
          onDone={() => setSigningIn(false)}
          onCancel={isOver ? undefined : () => setSigningIn(false)}
        />
      ) : (
        left <= TOLD_BEFORE_MS &&
        left > 0 &&
        closedFor !== end.atMs && (
          <SessionBar
            end={end}
            onStay={() => (end.isFinal ? setSigningIn(true) : void refetch())}
            onClose={() => setClosedFor(end.atMs)}
          />
        )
      )}
    </Suspense>
  );
}
