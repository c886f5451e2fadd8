'use client';
// Owns what was chosen in the guide, kept in the address: client, variant, shell. Never the key.
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import {
  clientIds,
  type GuideClient,
  type Shell,
  shells,
  type Variant,
  variantIds,
  variantOf,
} from './clients';

export interface GuideChoice {
  readonly client: GuideClient;
  readonly variant: Variant | null;
  readonly shell: Shell;
}

/** The shell of the system that the browser runs on. */
function ownShell(): Shell {
  return /win/i.test(navigator.userAgent) ? 'powershell' : 'posix';
}

export function useGuideChoice(): [GuideChoice, (patch: Partial<GuideChoice>) => void] {
  const search = useSearchParams();
  const client = clientIds.find((id) => id === search.get('client')) ?? 'claude-code';
  const chosen = variantIds.find((id) => id === search.get('variant')) ?? null;
  const shell = shells.find((id) => id === search.get('shell')) ?? ownShell();
  const choose = useCallback((patch: Partial<GuideChoice>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    window.history.replaceState(null, '', `${window.location.pathname}?${next.toString()}`);
  }, []);
  return [{ client, variant: variantOf(client, chosen), shell }, choose];
}
