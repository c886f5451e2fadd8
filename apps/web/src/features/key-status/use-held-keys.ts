'use client';
// Owns the keys whose state is shown: in memory, and on the device where that was asked for.
import { useCallback, useEffect, useState } from 'react';
import { keysIn, MOST_KEYS, rememberedKeys, rememberKeys } from './remembered-keys';

export interface HeldKey {
  /** Stands for the secret where it must not be. */
  readonly id: number;
  readonly secret: string;
}

export interface HeldKeys {
  readonly keys: readonly HeldKey[];
  readonly isRemembering: boolean;
  setRemembering: (isOn: boolean) => void;
  /** Adds the keys of a pasted text; answers how many had no place. */
  add: (text: string) => number;
  remove: (id: number) => void;
}

let lastId = 0;

function held(secret: string): HeldKey {
  lastId += 1;
  return { id: lastId, secret };
}

export function useHeldKeys(): HeldKeys {
  const [keys, setKeys] = useState<readonly HeldKey[]>(() => rememberedKeys().map(held));
  const [isRemembering, setRemembering] = useState(() => keys.length > 0);

  useEffect(() => {
    rememberKeys(isRemembering ? keys.map(({ secret }) => secret) : []);
  }, [keys, isRemembering]);

  const add = (text: string): number => {
    const known = new Set(keys.map(({ secret }) => secret));
    const fresh = keysIn(text).filter((secret) => !known.has(secret));
    const places = Math.max(0, MOST_KEYS - keys.length);
    setKeys([...fresh.slice(0, places).map(held), ...keys]);
    return Math.max(0, fresh.length - places);
  };
  const remove = useCallback((id: number) => setKeys((now) => now.filter((key) => key.id !== id)), []);
  return { keys, isRemembering, setRemembering, add, remove };
}
