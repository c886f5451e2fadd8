// Owns the change notices between replicas: `<noun>:<id>` on one channel. A notice may get lost; whoever depends on it
// also looks by himself now and then.
import type { Redis } from 'ioredis';
import type { Events } from '../events.ts';

export interface Notices {
  /** `id` of a changed or removed document of that noun. */
  on(noun: string, listener: (id: string) => void): () => void;
  /** Tells this process only; the script that wrote the document tells the others. */
  tellHere(noun: string, id: string): void;
}

/** Listens on `channel` of a connection that does nothing else. */
export function listenForNotices(subscriber: Redis, channel: string): Notices {
  const listeners = new Map<string, Set<(id: string) => void>>();
  const tellHere = (noun: string, id: string): void => {
    for (const listener of listeners.get(noun) ?? []) listener(id);
  };
  subscriber.on('message', (from: string, message: string) => {
    if (from !== channel) return;
    const colon = message.indexOf(':');
    if (colon > 0) tellHere(message.slice(0, colon), message.slice(colon + 1));
  });
  // Waits for the connection; the driver subscribes again after each reconnect.
  subscriber.subscribe(channel).catch(() => {
    // Only a connection that was closed for good rejects here.
  });
  return {
    on(noun, listener) {
      const known = listeners.get(noun) ?? new Set();
      listeners.set(noun, known.add(listener));
      return () => void known.delete(listener);
    },
    tellHere,
  };
}

/** Turns the notices of documents into the events that modules listen to. */
export function forwardNotices(notices: Notices, events: Events): void {
  notices.on('key', (id) => events.emit('key.changed', { id }));
  notices.on('account', (id) => events.emit('account.changed', { id }));
  notices.on('user', (id) => events.emit('user.changed', { id }));
}
