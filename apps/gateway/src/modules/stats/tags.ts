// Owns figures by tag: those of the keys that have it now. A tag given today tells of a team's past as well, and one that was
// taken away is gone from all figures. A key with two tags is in both groups, one without is in the group ''. Figures are
// read by what tags keys have together, and told apart afterwards. Pure.
import { addSums, emptySums, type Sums } from '../usage/index.ts';

/** Tags of a key. */
export type TagsOf = (keyId: string) => readonly string[];

/** One name for all keys with the same tags, of those that are asked about. */
export function tagSets(
  tagsOf: TagsOf,
  isAsked: (tag: string) => boolean = () => true,
): (keyId: string) => string {
  const known = new Map<string, string>();
  return (keyId) => {
    let name = known.get(keyId);
    if (name === undefined) {
      const tags = tagsOf(keyId);
      name = JSON.stringify((tags.length === 0 ? [''] : tags).filter(isAsked).sort());
      known.set(keyId, name);
    }
    return name;
  };
}

/** The tags of a set by its name. */
export function tagsOfSet(name: string): readonly string[] {
  return JSON.parse(name) as string[];
}

/** Figures by sets of tags become figures by tag. */
export function byTag(sets: ReadonlyMap<string, Sums>): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  for (const [name, sums] of sets) {
    for (const tag of tagsOfSet(name)) {
      const total = groups.get(tag) ?? emptySums();
      addSums(total, sums);
      groups.set(tag, total);
    }
  }
  return groups;
}
