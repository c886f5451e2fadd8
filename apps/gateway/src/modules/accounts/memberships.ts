// Owns which groups accounts are in: each account names its groups, so that a deleted account leaves them by itself.
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { DocumentStore } from '../../platform/redis/index.ts';
import type { AccountDocument } from './document.ts';
import type { LivingAccounts } from './living-accounts.ts';

const MAX_TRIES = 5;

export interface MembershipsDependencies {
  readonly clock: Clock;
  /** Which of these ids are groups. */
  groupsExist(ids: readonly string[]): Promise<boolean[]>;
}

export class Memberships {
  readonly #store: DocumentStore<AccountDocument>;
  readonly #accounts: LivingAccounts;
  readonly #dependencies: MembershipsDependencies;

  constructor(
    store: DocumentStore<AccountDocument>,
    accounts: LivingAccounts,
    dependencies: MembershipsDependencies,
  ) {
    this.#store = store;
    this.#accounts = accounts;
    this.#dependencies = dependencies;
  }

  /** Throws `validation_failed` that names the groups there are not. */
  async refuseUnknown(groupIds: readonly string[] = []): Promise<void> {
    if (groupIds.length === 0) return;
    const found = await this.#dependencies.groupsExist(groupIds);
    const errors = groupIds.flatMap((id, index) =>
      found[index] === true
        ? []
        : [{ path: `groupIds.${index}`, message: `there is no group with the id ${id}` }],
    );
    const [first] = errors;
    if (first !== undefined) throw new ProblemError('validation_failed', first.message, { errors });
  }

  /** Takes accounts into a group, or out of it; each on its own, and only where something changes. */
  async change(
    groupId: string,
    { join, leave }: { readonly join: readonly string[]; readonly leave: readonly string[] },
  ): Promise<void> {
    for (const id of join) await this.#regroup(id, (known) => [...new Set([...known, groupId])]);
    for (const id of leave) await this.#regroup(id, (known) => known.filter((one) => one !== groupId));
    await this.#accounts.refresh();
  }

  async #regroup(id: string, next: (groupIds: readonly string[]) => string[]): Promise<void> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const before = await this.#store.get(id);
      if (before === null) return;
      const groupIds = next(before.groupIds);
      if (groupIds.length === before.groupIds.length) return;
      const updatedAt = new Date(this.#dependencies.clock.now()).toISOString();
      const after = { ...before, groupIds, updatedAt, version: before.version + 1 };
      if ((await this.#store.save(after, before.version, before)) === 'saved') return;
    }
    throw new ProblemError('conflict', `The account ${id} was changed meanwhile; repeat the change`);
  }
}
