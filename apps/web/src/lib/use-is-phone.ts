'use client';
// Owns the one width at which lists become cards and dialogs fill the screen (Tailwind's `sm`).
import { useSyncExternalStore } from 'react';

const query = '(max-width: 639.98px)';

export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
