// Owns passwords at rest: argon2id, with OWASP's costs. Runs on the thread pool, not on the event loop.
import { hash, verify } from '@node-rs/argon2';

const COSTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password, COSTS);
}

/** False for a wrong password; rejects where `passwordHash` is no argon2 hash. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}
