// Owns which keys are bound to an account or a group, kept as keys change.
export class BoundKeys {
  /** Target of a bind -> ids of the keys bound to it. */
  readonly #keys = new Map<string, Set<string>>();
  /** Key -> its targets, to take it out of there when it changes. */
  readonly #targets = new Map<string, readonly string[]>();

  /** `targets` empty: the key is bound to nothing, or gone. */
  note(id: string, targets: readonly string[]): void {
    for (const target of this.#targets.get(id) ?? []) {
      const keys = this.#keys.get(target);
      keys?.delete(id);
      if (keys?.size === 0) this.#keys.delete(target);
    }
    if (targets.length === 0) {
      this.#targets.delete(id);
      return;
    }
    this.#targets.set(id, targets);
    for (const target of targets) {
      const keys = this.#keys.get(target) ?? new Set();
      this.#keys.set(target, keys.add(id));
    }
  }

  of(target: string): string[] {
    return [...(this.#keys.get(target) ?? [])];
  }
}
