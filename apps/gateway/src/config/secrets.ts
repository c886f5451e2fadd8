// Owns the two secrets an installation cannot do without: given by the operator, or made once and kept beside the data.
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface Secrets {
  /** Signs sessions. */
  readonly jwtSecret: string;
  /** Seals credentials and peppers key hashes. */
  readonly encryptionKey: string;
}

const fileSchema = z.strictObject({
  jwtSecret: z.string().min(32).optional(),
  encryptionKey: z.string().min(32).optional(),
});

type Known = z.output<typeof fileSchema>;

/** Something about the file that an operator has to mend. */
export class SecretsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretsError';
  }
}

/** What is not given comes from `secrets.json` in `dataDir`; what is not there either is made and kept. */
export function loadSecrets(dataDir: string, given: Known): Secrets {
  const known = complete(given);
  if (known !== null) return known;
  const path = join(dataDir, 'secrets.json');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return kept(path, given) ?? made(path, given);
  } catch (cause) {
    if (cause instanceof SecretsError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SecretsError(`${path} cannot be written: ${reason}; make DATA_DIR writable`, { cause });
  }
}

function kept(path: string, given: Known): Secrets | null {
  return complete({ ...read(path), ...given });
}

function made(path: string, given: Known): Secrets {
  const stored = read(path);
  const wanted = {
    ...(given.jwtSecret === undefined ? { jwtSecret: randomBytes(48).toString('base64url') } : {}),
    ...(given.encryptionKey === undefined ? { encryptionKey: randomBytes(32).toString('hex') } : {}),
    ...stored,
  };
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${JSON.stringify(wanted, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    chmodSync(draft, 0o600);
    if (stored === null) publish(draft, path);
    else renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  // Another process may have been first: what stands in the file counts.
  const secrets = kept(path, given);
  if (secrets === null) throw new SecretsError(`${path} was changed while it was read; start again`);
  return secrets;
}

/** The file appears whole, and only if there is none yet. */
function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    // Some mounted file systems know no hard links.
    if (read(path) === null) renameSync(draft, path);
  }
}

function read(path: string): Known | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null;
    throw new SecretsError(`${path} cannot be read; let this user read it`, { cause });
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // The cause would quote the file.
    throw new SecretsError(
      `${path} is damaged; restore it from a backup, or set JWT_SECRET and ENCRYPTION_KEY`,
    );
  }
}

function complete({ jwtSecret, encryptionKey }: Known): Secrets | null {
  return jwtSecret === undefined || encryptionKey === undefined ? null : { jwtSecret, encryptionKey };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
