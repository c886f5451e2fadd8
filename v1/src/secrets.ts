// Owns v1's encryption at rest, for reading only: AES-256-CBC without a MAC, one derived key per service.
import { createDecipheriv, createHash, scryptSync } from 'node:crypto';

/** What v1 encrypted with when nobody had set ENCRYPTION_KEY. */
export const UNSET_ENCRYPTION_KEY = 'CHANGE-THIS-32-CHARACTER-KEY-NOW';

const salts = {
  claude: 'salt',
  'claude-console': 'claude-console-salt',
  ccr: 'ccr-account-salt',
  gemini: 'gemini-account-salt',
  'gemini-api': 'gemini-api-salt',
  openai: 'openai-account-salt',
  'openai-responses': 'openai-responses-salt',
  'azure-openai': 'azure-openai-account-default-salt',
} as const;

/** A service that derived its key with a salt. Bedrock did not, see `SecretReader.openBedrock`. */
export type SecretService = keyof typeof salts;

export type OpenedSecret =
  | { state: 'opened'; value: string }
  /** v1 stored an empty text as it was. */
  | { state: 'empty' }
  /** Not a form v1 encrypted into. Several services stored clear text when encryption failed; ask before using it. */
  | { state: 'not-encrypted'; value: string }
  /** The right form, but this encryption key (or salt) does not open it. */
  | { state: 'wrong-key' };

const KEY_BYTES = 32;
const IV_BYTES = 16;

export class SecretReader {
  readonly #encryptionKey: string;
  readonly #salts: Record<SecretService, string>;
  readonly #keys = new Map<string, Buffer>();

  /** `encryptionKey` as it stands in v1's environment: never hex-decoded. `azureOpenaiSalt`: where an operator had set one. */
  constructor(encryptionKey: string, options: { azureOpenaiSalt?: string } = {}) {
    this.#encryptionKey = encryptionKey;
    this.#salts = { ...salts, 'azure-openai': options.azureOpenaiSalt ?? salts['azure-openai'] };
  }

  /** `hex(iv):hex(ciphertext)`; for Claude also the older form without an IV. */
  open(service: SecretService, stored: string): OpenedSecret {
    if (stored === '') return { state: 'empty' };
    const parts = /^(?<iv>[0-9a-f]{32}):(?<data>(?:[0-9a-f]{32})+)$/u.exec(stored)?.groups;
    if (parts !== undefined) {
      return decrypt(this.#derivedKey(service), parts['iv'] ?? '', parts['data'] ?? '');
    }
    if (service === 'claude' && /^(?:[0-9a-f]{32})+$/u.test(stored)) return this.#openLegacy(stored);
    return { state: 'not-encrypted', value: stored };
  }

  /** The two hex texts of a Bedrock record; what comes out is JSON. */
  openBedrock(stored: { encrypted: string; iv: string }): OpenedSecret {
    const key = createHash('sha256').update(this.#encryptionKey, 'utf8').digest();
    return decrypt(key, stored.iv, stored.encrypted);
  }

  #derivedKey(service: SecretService): Buffer {
    const salt = this.#salts[service];
    const known = this.#keys.get(salt);
    if (known !== undefined) return known;
    const key = scryptSync(this.#encryptionKey, salt, KEY_BYTES);
    this.#keys.set(salt, key);
    return key;
  }

  /** OpenSSL's old derivation: MD5 over the previous digest and the passphrase, until key and IV are filled. */
  #openLegacy(stored: string): OpenedSecret {
    let digest = Buffer.alloc(0);
    let material = Buffer.alloc(0);
    while (material.length < KEY_BYTES + IV_BYTES) {
      digest = createHash('md5').update(digest).update(this.#encryptionKey, 'utf8').digest();
      material = Buffer.concat([material, digest]);
    }
    const iv = material.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES).toString('hex');
    return decrypt(material.subarray(0, KEY_BYTES), iv, stored);
  }
}

/** Without a MAC a wrong key shows by its padding, or else by bytes that are no UTF-8. */
function decrypt(key: Buffer, ivHex: string, dataHex: string): OpenedSecret {
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, Buffer.from(ivHex, 'hex'));
    const plain = Buffer.concat([decipher.update(Buffer.from(dataHex, 'hex')), decipher.final()]);
    return {
      state: 'opened',
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain),
    };
  } catch {
    return { state: 'wrong-key' };
  }
}
