// Owns secrets at rest: AES-256-GCM under a key derived from ENCRYPTION_KEY. The envelope names that key, so that a
// wrong one is told apart from a damaged text.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;

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

  /** The same for bytes: id of the key (4), iv (12), tag (16), data. */
  sealBytes(plain: Uint8Array): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const data = [cipher.update(plain), cipher.final()];
    return Buffer.concat([Buffer.from(this.#keyId, 'hex'), iv, cipher.getAuthTag(), ...data]);
  }

  openBytes(sealed: Buffer): Buffer {
    if (sealed.length < KEY_ID_BYTES + IV_BYTES + TAG_BYTES)
      throw new SecretBoxError('not sealed bytes of this version');
    const keyId = sealed.toString('hex', 0, KEY_ID_BYTES);
    if (keyId !== this.#keyId) throw this.#wrongKey(keyId);
    const ivEnd = KEY_ID_BYTES + IV_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(KEY_ID_BYTES, ivEnd), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(sealed.subarray(ivEnd, ivEnd + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(ivEnd + TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new SecretBoxError('the sealed bytes are damaged', { cause });
    }
  }

  #wrongKey(keyId: string): SecretBoxError {
    return new SecretBoxError(
      `sealed under key ${keyId}, but ENCRYPTION_KEY is key ${this.#keyId}; restore the ENCRYPTION_KEY it was sealed with`,
    );
  }

  open(sealed: string): string {
    const [version, keyId, iv, tag, data, ...more] = sealed.split('.');
    if (version !== 'v2' || iv === undefined || tag === undefined || data === undefined || more.length > 0) {
      throw new SecretBoxError('not a sealed secret of this version');
    }
    if (keyId === undefined || keyId !== this.#keyId) throw this.#wrongKey(String(keyId));
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(iv, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(Buffer.from(data, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new SecretBoxError('the sealed secret is damaged', { cause });
    }
  }
}
