// Owns the rules of account groups: one name each, members of any kind, gone only when no key is bound to them.
import type { groupCreateBody, groupUpdateBody } from '@crs/shared';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import { DocumentStore, type RedisConnections, Replica } from '../../platform/redis/index.ts';
import type { Accounts } from '../accounts/index.ts';
import { type GroupDocument, groupDocumentSchema } from './document.ts';

const MAX_TRIES = 5;

export interface GroupsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'changeGroup' | 'exist' | 'membersOf'>;
  /** A stored group that cannot be read, a look at Redis that failed. */
  readonly onError: (error: unknown) => void;
}

/** A group with the accounts that are in it now. */
export interface GroupView {
  readonly group: GroupDocument;
  readonly accountIds: string[];
}

export interface GroupChange {
  readonly before: GroupView;
  readonly after: GroupView;
}

interface GroupQuery {
  readonly page: number;
  readonly pageSize: number;
  /** Name of a field, descending with a leading `-`. */
  readonly sort: string;
  readonly search?: string | undefined;
}

type GroupPatch = z.output<typeof groupUpdateBody>;

export class Groups {
  readonly #dependencies: GroupsDependencies;
  readonly #store: DocumentStore<GroupDocument>;
  readonly #replica: Replica<GroupDocument>;
  #started: Promise<void> | null = null;

  constructor(dependencies: GroupsDependencies) {
    const { redis, onError } = dependencies;
    this.#dependencies = dependencies;
    this.#store = new DocumentStore(redis, {
      noun: 'group',
      schema: groupDocumentSchema,
      claims: ({ name }) => [{ hash: redis.keyspace.groupsByName, field: name.toLowerCase() }],
    });
    this.#replica = new Replica(this.#store, { onError });
  }

  /** One page; exact. */
  async list(query: GroupQuery): Promise<{ views: GroupView[]; total: number }> {
    await this.#refresh();
    const needle = query.search?.toLowerCase() ?? '';
    const found = this.#replica
      .all()
      .filter(({ name, description }) => `${name}\n${description}`.toLowerCase().includes(needle));
    const direction = query.sort.startsWith('-') ? -1 : 1;
    const isByName = query.sort.endsWith('name');
    found.sort(
      (a, b) =>
        direction * (isByName ? a.name.localeCompare(b.name) : a.createdAt.localeCompare(b.createdAt)) ||
        a.id.localeCompare(b.id),
    );
    const start = (query.page - 1) * query.pageSize;
    return { views: await this.#views(found.slice(start, start + query.pageSize)), total: found.length };
  }

  async get(id: string): Promise<GroupView> {
    return this.#view(await this.#stored(id));
  }

  /** Which of these ids are groups; exact. */
  async exist(ids: readonly string[]): Promise<boolean[]> {
    return (await this.#store.getMany(ids)).map((group) => group !== null);
  }

  async create(given: z.output<typeof groupCreateBody>): Promise<GroupView> {
    const { accountIds = [], name, description = '' } = given;
    await this.#refuseUnknown(accountIds);
    const now = new Date(this.#dependencies.clock.now()).toISOString();
    const group: GroupDocument = {
      id: newId(),
      name,
      description,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    const result = await this.#store.save(group, 0);
    if (result === 'taken') throw nameTaken(name);
    if (result !== 'saved') throw new Error(`A new group could not be stored: ${result}`);
    await this.#dependencies.accounts.changeGroup(group.id, { join: accountIds, leave: [] });
    return this.#view(group);
  }

  /** Merges the fields given; accounts that `accountIds` does not name leave the group. */
  async update(id: string, patch: GroupPatch): Promise<GroupChange> {
    const { version: seenVersion, accountIds, ...fields } = patch;
    if (accountIds !== undefined) await this.#refuseUnknown(accountIds);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const before = await this.get(id);
      const { group } = before;
      if (seenVersion !== undefined && seenVersion !== group.version) throw changedMeanwhile();
      const updatedAt = new Date(this.#dependencies.clock.now()).toISOString();
      const after = { ...group, ...given, updatedAt, version: group.version + 1 };
      const result = await this.#store.save(after, group.version, group);
      if (result === 'taken') throw nameTaken(after.name);
      if (result !== 'saved') continue;
      if (accountIds !== undefined) await this.#replaceMembers(before, accountIds);
      return { before, after: await this.#view(after) };
    }
    throw changedMeanwhile();
  }

  /** Its accounts stay. `boundKeys` are the names of the keys bound to it: with any of them it is refused. */
  async remove(id: string, boundKeys: readonly string[]): Promise<GroupView> {
    if (boundKeys.length > 0) throw stillBound(boundKeys);
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const view = await this.get(id);
      if ((await this.#store.remove(view.group)) !== 'removed') continue;
      await this.#dependencies.accounts.changeGroup(id, { join: [], leave: view.accountIds });
      return view;
    }
    throw changedMeanwhile();
  }

  stop(): void {
    this.#replica.stop();
  }

  async #replaceMembers({ group, accountIds }: GroupView, wanted: readonly string[]): Promise<void> {
    await this.#dependencies.accounts.changeGroup(group.id, {
      join: wanted.filter((id) => !accountIds.includes(id)),
      leave: accountIds.filter((id) => !wanted.includes(id)),
    });
  }

  async #refuseUnknown(accountIds: readonly string[]): Promise<void> {
    const found = await this.#dependencies.accounts.exist(accountIds);
    const errors = accountIds.flatMap((id, index) =>
      found[index] === true
        ? []
        : [{ path: `accountIds.${index}`, message: `there is no account with the id ${id}` }],
    );
    const [first] = errors;
    if (first !== undefined) throw new ProblemError('validation_failed', first.message, { errors });
  }

  async #stored(id: string): Promise<GroupDocument> {
    const group = await this.#store.get(id);
    if (group === null) throw new ProblemError('not_found', 'There is no such group');
    return group;
  }

  async #view(group: GroupDocument): Promise<GroupView> {
    const [view] = await this.#views([group]);
    if (view === undefined) throw new Error('one group in, one view out');
    return view;
  }

  async #views(groups: readonly GroupDocument[]): Promise<GroupView[]> {
    const members = await this.#dependencies.accounts.membersOf(groups.map(({ id }) => id));
    return groups.map((group) => ({
      group,
      accountIds: members.filter(({ groupIds }) => groupIds.includes(group.id)).map(({ id }) => id),
    }));
  }

  /** Starts with the first list that is asked for. */
  async #refresh(): Promise<void> {
    if (this.#started !== null) {
      await this.#started;
      await this.#replica.refresh();
      return;
    }
    this.#started = this.#replica.start();
    this.#started.catch(() => {
      this.#started = null;
    });
    await this.#started;
  }
}

function nameTaken(name: string): ProblemError {
  return new ProblemError('name_taken', `There is a group "${name}" already`);
}

function stillBound(names: readonly string[]): ProblemError {
  return new ProblemError(
    'in_use',
    `Keys are bound to this group: ${quoteNames(names)}. Bind them elsewhere first`,
  );
}

/** The first ten by name, the others by their number. */
function quoteNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`);
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}

function changedMeanwhile(): ProblemError {
  return new ProblemError(
    'conflict',
    'The group was changed meanwhile; read it again and repeat the change on what it is now',
  );
}
