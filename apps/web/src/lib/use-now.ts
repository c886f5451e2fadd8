'use client';
// Owns the ticking clock of the page: one timer per interval, however many countdowns hang on it.
import { useCallback, useSyncExternalStore } from 'react';
import { serverNow } from './server-clock';

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
}

const tickers = new Map<number, Ticker>();

function tickerOf(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known !== undefined) return known;
  const created: Ticker = { now: serverNow(), listeners: new Set(), timer: undefined };
  tickers.set(intervalMs, created);
  return created;
}

function subscribe(intervalMs: number, listener: () => void): () => void {
  const ticker = tickerOf(intervalMs);
  ticker.listeners.add(listener);
  ticker.timer ??= setInterval(() => {
    ticker.now = serverNow();
    for (const notify of ticker.listeners) notify();
  }, intervalMs);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0) return;
    clearInterval(ticker.timer);
    ticker.timer = undefined;
  };
}

function read(intervalMs: number): number {
  const ticker = tickerOf(intervalMs);
  // Without a running timer the stored time may be old; a first reader gets the present one.
  if (ticker.timer === undefined && serverNow() - ticker.now > intervalMs) ticker.now = serverNow();
  return ticker.now;
}

/** The server's time in milliseconds, renewed every `intervalMs` while somebody looks. */
export function useNow(intervalMs = 1000): number {
  const listen = useCallback((listener: () => void) => subscribe(intervalMs, listener), [intervalMs]);
  return useSyncExternalStore(
    listen,
    () => read(intervalMs),
    () => 0,
  );
}
