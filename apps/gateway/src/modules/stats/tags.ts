// Owns figures by tag: those of the keys that have it now. A tag given today tells of a team's past as well, and one that was
// taken away is gone from all figures. A key with two tags is in both groups, one without is in the group ''. Pure.
import { addSums, emptySums, type Sums } from '../usage/index.ts';

/** Tags of each key. */
export type TagsOf = (keyIds: readonly string[]) => Promise<readonly (readonly string[])[]>;

/** Figures by key become figures by tag. */
export async function byTag(keys: ReadonlyMap<string, Sums>, tagsOf: TagsOf): Promise<Map<string, Sums>> {
  const tags = await tagsByKey([...keys.keys()], tagsOf);
  const groups = new Map<string, Sums>();
  for (const [keyId, sums] of keys) {
    for (const tag of tags.get(keyId) ?? NO_TAGS) {
      const total = groups.get(tag) ?? emptySums();
      addSums(total, sums);
      groups.set(tag, total);
    }
  }
  return groups;
}

/** Key -> the groups it is in. */
export async function tagsByKey(
  keyIds: readonly string[],
  tagsOf: TagsOf,
): Promise<Map<string, readonly string[]>> {
  const tags = await tagsOf(keyIds);
  return new Map(
    keyIds.map((id, index) => {
      const own = tags[index] ?? [];
      return [id, own.length === 0 ? NO_TAGS : own];
    }),
  );
}

const NO_TAGS: readonly string[] = [''];
