'use client';
// Owns the keyboard shortcuts: one listener, sequences such as `g k`, silent while somebody types.
import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Names of shortcuts; `shell.shortcuts.<name>` says what each does. */
export type ShortcutName =
  | 'palette'
  | 'search'
  | 'help'
  | 'goDashboard'
  | 'goKeys'
  | 'goAccounts'
  | 'goGroups'
  | 'goPricing'
  | 'goRequests'
  | 'goAudit'
  | 'goSettings'
  | 'goSetup'
  | 'create'
  | 'openRow'
  | 'nextRow'
  | 'previousRow'
  | 'selectRow'
  | 'editRow';

export interface Shortcut {
  /** `k`, `?`, `g k` (one after the other) or `mod+k` (Ctrl or ⌘). */
  keys: string;
  name: ShortcutName;
  run: () => void;
}

const SEQUENCE_MS = 1000;
let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
let started: { key: string; at: number } | null = null;

function publish(next: readonly Shortcut[]): void {
  shortcuts = next;
  for (const listener of listeners) listener();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select') !== null;
}

function isDialogOpen(): boolean {
  return (
    document.querySelector(
      'dialog[open], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]',
    ) !== null
  );
}

/** A sign-in over the page comes before everything, the palette too. */
function isPageCovered(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

/** Enter is a shortcut on a row itself; on a control in it, it is the control's. */
function isOnRow(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset['rowId'] !== undefined;
}

function pressedKey(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey) return `mod+${event.key.toLowerCase()}`;
  if (event.key === 'Enter') return isOnRow(event.target) ? 'Enter' : '';
  return event.key.length === 1 ? event.key : '';
}

/** The shortcut a key press completes, given the key that may have started a sequence. */
export function matchShortcut(
  known: readonly Shortcut[],
  pressed: string,
  before: string | null,
): Shortcut | undefined {
  const newestFirst = known.toReversed();
  return (
    (before === null ? undefined : newestFirst.find(({ keys }) => keys === `${before} ${pressed}`)) ??
    newestFirst.find(({ keys }) => keys === pressed)
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
  const modified = event.ctrlKey || event.metaKey;
  const pressed = pressedKey(event);
  if (pressed === '' || isPageCovered()) return;
  if (!modified && (isTyping(event.target) || isDialogOpen())) return;
  const before = started !== null && event.timeStamp - started.at < SEQUENCE_MS ? started.key : null;
  const found = matchShortcut(shortcuts, pressed, before);
  started = found === undefined && !modified ? { key: pressed, at: event.timeStamp } : null;
  if (found === undefined) return;
  event.preventDefault();
  found.run();
}

function register(shortcut: Shortcut): () => void {
  if (shortcuts.length === 0) window.addEventListener('keydown', onKeyDown);
  publish([...shortcuts, shortcut]);
  return () => {
    publish(shortcuts.filter((other) => other !== shortcut));
    if (shortcuts.length === 0) window.removeEventListener('keydown', onKeyDown);
  };
}

/** Binds keys while the component is mounted; the newest binding of the same keys wins. */
export function useShortcut(keys: string, name: ShortcutName, run: () => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(
    () => (enabled ? register({ keys, name, run: () => latest.current() }) : undefined),
    [keys, name, enabled],
  );
}

const none: readonly Shortcut[] = [];

/** The shortcuts that work right now, for the list. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shortcuts,
    () => none,
  );
}
