// Owns how many requests this process has open on each account.
export class Load {
  readonly #open = new Map<string, number>();

  of(accountId: string): number {
    return this.#open.get(accountId) ?? 0;
  }

  /** Counts one more; the answer takes it back, once. */
  enter(accountId: string): () => void {
    this.#open.set(accountId, this.of(accountId) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = this.of(accountId) - 1;
      if (left > 0) this.#open.set(accountId, left);
      else this.#open.delete(accountId);
    };
  }
}
