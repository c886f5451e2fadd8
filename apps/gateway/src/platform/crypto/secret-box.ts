// Owns secrets at rest: AES-256-GCM under a key derived from ENCRYPTION_KEY. The envelope names that key, so that a
// wrong one is told apart from a damaged text.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;

/** A sealed text that this box cannot open; the message says why and never holds the text. */
export class SecretBoxError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretBoxError';
  }
}

export class SecretBox {
  readonly #key: Buffer;
  readonly #keyId: string;

  constructor(encryptionKey: string) {
    this.#key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'crs secret box v2', 32));
    this.#keyId = createHash('sha256').update('key id').update(this.#key).digest('hex').slice(0, 8);
  }

  /** `v2.<keyId>.<iv>.<tag>.<data>`, the last three base64url. */
  seal(plain: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'));
    return ['v2', this.#keyId, ...parts].join('.');
  }

  open(sealed: string): string {
    const [version, keyId, iv, tag, data, ...more] = sealed.split('.');
    if (version !== 'v2' || iv === undefined || tag === undefined || data === undefined || more.length > 0) {
      throw new SecretBoxError('not a sealed secret of this version');
    }
    if (keyId !== this.#keyId) {
      throw new SecretBoxError(
        `sealed under key ${keyId}, but ENCRYPTION_KEY is key ${this.#keyId}; restore the ENCRYPTION_KEY it was sealed with`,
      );
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(iv, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(Buffer.from(data, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new SecretBoxError('the sealed secret is damaged', { cause });
    }
  }
}
