// Owns listening to one channel beside the notices, for as long as somebody wants to hear it.
import type { Redis } from 'ioredis';

/** Resolves when messages come; with the way to stop. After a lost connection the driver subscribes again by itself. */
export async function listenTo(
  subscriber: Redis,
  channel: string,
  listener: (message: string) => void,
): Promise<() => void> {
  const hear = (from: string, message: string): void => {
    if (from === channel) listener(message);
  };
  subscriber.on('message', hear);
  try {
    await subscriber.subscribe(channel);
  } catch (error) {
    subscriber.off('message', hear);
    throw error;
  }
  return () => {
    subscriber.off('message', hear);
    subscriber.unsubscribe(channel).catch(() => {
      // A connection that is gone hears nothing either.
    });
  };
}
