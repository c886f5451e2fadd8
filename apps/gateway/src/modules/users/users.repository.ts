// Owns where users are kept: documents that hold their name, and the one place of the first admin.
import { DocumentStore, type RedisConnections } from '../../platform/redis/index.ts';
import { foldUsername, type UserDocument, userDocumentSchema } from './document.ts';

const FIRST_ADMIN_FIELD = 'id';

export interface UserRepository {
  get(id: string): Promise<UserDocument | null>;
  findByName(username: string): Promise<UserDocument | null>;
  hasFirstAdmin(): Promise<boolean>;
  create(user: UserDocument): Promise<'saved' | 'taken'>;
  /** `next` is `previous` at its next version; `stale` where somebody was faster. */
  replace(next: UserDocument, previous: UserDocument): Promise<'saved' | 'stale' | 'taken'>;
}

export function createUserRepository(redis: RedisConnections): UserRepository {
  const { usersByName, usersFirstAdmin } = redis.keyspace;
  const store = new DocumentStore<UserDocument>(redis, {
    noun: 'user',
    schema: userDocumentSchema,
    claims: (user) => [
      { hash: usersByName, field: foldUsername(user.username) },
      ...(user.isFirstAdmin ? [{ hash: usersFirstAdmin, field: FIRST_ADMIN_FIELD }] : []),
    ],
  });
  return {
    get: (id) => store.get(id),
    findByName: async (username) => {
      const id = await store.findByClaim(usersByName, foldUsername(username));
      return id === null ? null : store.get(id);
    },
    hasFirstAdmin: async () => (await store.findByClaim(usersFirstAdmin, FIRST_ADMIN_FIELD)) !== null,
    create: async (user) => {
      const result = await store.save(user, 0);
      // A fresh id has no other version: stale would mean that it exists.
      return result === 'saved' ? 'saved' : 'taken';
    },
    replace: (next, previous) => store.save(next, previous.version, previous),
  };
}
