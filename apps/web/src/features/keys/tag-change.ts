// Owns adding tags to keys and taking them away, and what of it has to be done backwards to undo it. Pure.
import type { Key } from '@crs/shared';

export interface TagChange {
  readonly add: string[];
  readonly remove: string[];
}

export function withTags(key: Key, { add, remove }: TagChange): Key {
  return { ...key, tags: [...new Set([...key.tags.filter((tag) => !remove.includes(tag)), ...add])] };
}

interface ChangedKeys {
  readonly change: TagChange;
  readonly keys: Key[];
}

/** Keys by what the change really does to them: a tag that a key had before is not added. Unchanged ones are left out. */
export function byTagChange(keys: readonly Key[], { add, remove }: TagChange): ChangedKeys[] {
  const groups = new Map<string, ChangedKeys>();
  for (const key of keys) {
    const change = {
      add: add.filter((tag) => !key.tags.includes(tag)),
      remove: remove.filter((tag) => key.tags.includes(tag)),
    };
    if (change.add.length + change.remove.length === 0) continue;
    const name = JSON.stringify(change);
    const group = groups.get(name) ?? { change, keys: [] };
    group.keys.push(key);
    groups.set(name, group);
  }
  return [...groups.values()];
}
