'use client';
// Owns the grey shapes of what is loading. They wait 150 ms, so that a fast answer shows none.
import { clsx } from 'clsx';
import { useEffect, useState } from 'react';

const SKELETON_DELAY_MS = 150;

/** True once `active` has lasted 150 ms. */
export function useDelayed(active: boolean, delayMs = SKELETON_DELAY_MS): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setLate(true), delayMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active, delayMs]);
  return active && late;
}

export function Skeleton({ className }: { className?: string }) {
  const late = useDelayed(true);
  return <span aria-hidden className={clsx('block', late ? 'skeleton' : 'invisible', className)} />;
}
