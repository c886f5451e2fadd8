// Owns the rules of users: the first admin, passwords, what ends a user's sessions.
import { PASSWORD_MIN_LENGTH } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { hashPassword, verifyPassword } from '../../platform/crypto/index.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import type { UserDocument } from './document.ts';
import { generatePassword, passwordFault } from './password-rules.ts';
import { createUserRepository, type UserRepository } from './users.repository.ts';

const MAX_SAVE_ATTEMPTS = 5;

export interface Users {
  get(id: string): Promise<UserDocument | null>;
  findByName(username: string): Promise<UserDocument | null>;
  /**
   * Makes the first admin where there was none before; several replicas may ask at the same time. Answers the
   * generated password to whoever made it, null where it was configured or the admin is there already.
   */
  ensureAdmin(admin: AdminConfig): Promise<NewPassword | null>;
  /** A generated password that must be changed at the next sign-in; null where there is no such user. */
  resetPassword(username: string): Promise<NewPassword | null>;
  /** Throws `validation_failed` by the rules. Ends every session made before. */
  changePassword(user: UserDocument, next: string): Promise<UserDocument>;
  /** Whether the password is that user's. Takes the same work where there is no user. */
  checkPassword(user: UserDocument | null, password: string): Promise<boolean>;
}

interface AdminConfig {
  readonly username: string;
  /** null: generate one. */
  readonly password: string | null;
}

export interface NewPassword {
  readonly username: string;
  readonly password: string;
}

/** `minimumLength` of new passwords is read at each change. */
export function createUsers(
  redis: RedisConnections,
  clock: Clock,
  minimumLength = (): number => PASSWORD_MIN_LENGTH,
): Users {
  const repository = createUserRepository(redis);
  const unknownUserHash = hashPassword(generatePassword());
  // Whoever needs it first awaits it; until then its failure is nobody's.
  unknownUserHash.catch(() => {});
  return {
    get: (id) => repository.get(id),
    findByName: (username) => repository.findByName(username),
    ensureAdmin: (admin) => ensureAdmin(repository, clock, admin),
    resetPassword: async (username) => {
      const user = await repository.findByName(username);
      if (user === null) return null;
      const password = generatePassword();
      await setPassword(repository, clock, user.id, password, true);
      return { username: user.username, password };
    },
    changePassword: async (user, next) => {
      const fault = passwordFault(next, user.username, minimumLength()) ?? (await sameAsBefore(user, next));
      if (fault !== null) refusePassword(fault);
      return setPassword(repository, clock, user.id, next, false);
    },
    checkPassword: async (user, password) => {
      const isRight = await verifyPassword(user?.passwordHash ?? (await unknownUserHash), password);
      return user !== null && isRight;
    },
  };
}

async function sameAsBefore(user: UserDocument, next: string): Promise<string | null> {
  return (await verifyPassword(user.passwordHash, next)) ? 'must not be the old one' : null;
}

function refusePassword(fault: string): never {
  throw new ProblemError('validation_failed', `\`next\`: ${fault}.`, {
    errors: [{ path: 'next', message: fault }],
  });
}

async function ensureAdmin(
  repository: UserRepository,
  clock: Clock,
  { username, password }: AdminConfig,
): Promise<NewPassword | null> {
  if (await repository.hasFirstAdmin()) return null;
  const fault = password === null ? null : passwordFault(password, username, PASSWORD_MIN_LENGTH);
  if (fault !== null) throw new Error(`ADMIN_PASSWORD: ${fault}`);
  const first = password ?? generatePassword();
  const at = new Date(clock.now()).toISOString();
  const result = await repository.create({
    id: newId(),
    username,
    displayName: username,
    email: null,
    role: 'admin',
    passwordHash: await hashPassword(first),
    mustChangePassword: password === null,
    enabled: true,
    isFirstAdmin: true,
    sessionEpoch: 1,
    createdAt: at,
    updatedAt: at,
    version: 1,
  });
  if (result === 'taken') {
    if (await repository.hasFirstAdmin()) return null;
    throw new Error(`ADMIN_USERNAME: a user named ${username} exists already, and is not the first admin`);
  }
  return password === null ? { username, password: first } : null;
}

/** Starts the next epoch: every session made with the old password ends with this very write. */
async function setPassword(
  repository: UserRepository,
  clock: Clock,
  id: string,
  password: string,
  mustChangePassword: boolean,
): Promise<UserDocument> {
  const passwordHash = await hashPassword(password);
  return change(repository, clock, id, (user) => ({
    passwordHash,
    mustChangePassword,
    sessionEpoch: user.sessionEpoch + 1,
  }));
}

async function change(
  repository: UserRepository,
  clock: Clock,
  id: string,
  fields: (user: UserDocument) => Partial<UserDocument>,
): Promise<UserDocument> {
  for (let attempt = 0; attempt < MAX_SAVE_ATTEMPTS; attempt += 1) {
    const user = await repository.get(id);
    if (user === null) throw new ProblemError('not_found', 'This user is gone.');
    const next: UserDocument = {
      ...user,
      ...fields(user),
      updatedAt: new Date(clock.now()).toISOString(),
      version: user.version + 1,
    };
    if ((await repository.replace(next, user)) === 'saved') return next;
  }
  throw new ProblemError('conflict', 'This user is being changed by somebody else. Try again.');
}
