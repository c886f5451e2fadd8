// Owns what is known of the life of the session in this window: when it was used last, and whether it is over. Small and
// without the query library: it is part of every page.
import { useSyncExternalStore } from 'react';
import { serverNow } from './server-clock';

let lastUseMs = 0;
let isOver = false;
const listeners = new Set<() => void>();
let onLoss: (() => void) | undefined;

function publish(next: boolean): void {
  isOver = next;
  for (const listener of listeners) listener();
}

/** The gateway has just answered a call of this session: it lives so much longer. */
export function noteSessionUse(): void {
  lastUseMs = serverNow();
}

/** The gateway has just said that nobody is signed in. */
export function noteSessionLoss(): void {
  onLoss?.();
}

/** What is done then; answers how to stop. */
export function onSessionLoss(act: () => void): () => void {
  onLoss = act;
  return () => {
    onLoss = undefined;
  };
}

/** The gateway does not know the session any more; the page stays as it is. */
export function tellSessionOver(): void {
  publish(true);
}

export function tellSessionBack(): void {
  noteSessionUse();
  publish(false);
}

/** Whether the session has ended while the page was open. */
function isSessionOver(): boolean {
  return isOver;
}

export function useSessionOver(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isSessionOver,
    () => false,
  );
}

interface SessionTimes {
  readonly expiresAt: string;
  readonly endsAt: string;
  readonly server: { readonly now: string };
}

export interface SessionEnd {
  readonly atMs: number;
  /** No use can put it off: only signing in again. */
  readonly isFinal: boolean;
}

/** When a session ends that was read with these times and used last then. Pure. */
export function sessionEnd({ expiresAt, endsAt, server }: SessionTimes, usedAtMs: number): SessionEnd {
  const readAtMs = Date.parse(server.now);
  const idleMs = Date.parse(expiresAt) - readAtMs;
  const endsAtMs = Date.parse(endsAt);
  const idleEndMs = Math.max(readAtMs, usedAtMs) + idleMs;
  return endsAtMs <= idleEndMs ? { atMs: endsAtMs, isFinal: true } : { atMs: idleEndMs, isFinal: false };
}

export function lastSessionUseMs(): number {
  return lastUseMs;
}
