// Owns doing something to many, some at the same time, and telling of each in order what became of it.

const AT_ONCE = 50;

interface Told<Item, Result> {
  done(item: Item, result: Result): void;
  refused(item: Item, error: unknown): void;
}

/** A refusal of one does not keep the others. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
  told: Told<Item, Result>,
): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const chunk = items.slice(from, from + AT_ONCE);
    const results = await Promise.allSettled(chunk.map(run));
    for (const [index, item] of chunk.entries()) {
      const result = results[index];
      if (result?.status === 'fulfilled') told.done(item, result.value);
      else told.refused(item, result?.reason);
    }
  }
}
