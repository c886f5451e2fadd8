// Owns the writing of accounts' past: noted in memory, sent to Redis together a moment later. No request waits for it.
import { redactText } from '../../platform/log-redaction.ts';
import type {
  AccountError,
  AccountPast,
  AccountStatusChange,
  HistoryRepository,
  PastAdditions,
} from './history.repository.ts';

/** Failures of a bad moment come in numbers: they gather this long. */
const GATHER_MS = 500;
const RETRY_MS = 5_000;
const MAX_MESSAGE_LENGTH = 500;
/** Noted of one account and not written yet: more are not worth the memory while Redis is away. */
const MAX_WAITING = 50;

export class AccountHistory {
  readonly #repository: HistoryRepository;
  readonly #onError: (error: unknown) => void;
  #waiting = new Map<string, PastAdditions>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(repository: HistoryRepository, onError: (error: unknown) => void) {
    this.#repository = repository;
    this.#onError = onError;
  }

  failed(accountId: string, error: AccountError): void {
    const message = redactText(error.message.slice(0, MAX_MESSAGE_LENGTH));
    push(this.#waitingOf(accountId).errors, { ...error, message });
    this.#writeIn(GATHER_MS);
  }

  changed(accountId: string, change: AccountStatusChange): void {
    const reason = change.reason === null ? null : redactText(change.reason.slice(0, MAX_MESSAGE_LENGTH));
    push(this.#waitingOf(accountId).changes, { ...change, reason });
    this.#writeIn(GATHER_MS);
  }

  /** With what was noted here up to now. */
  async read(accountId: string): Promise<AccountPast> {
    await this.flush();
    return this.#repository.read(accountId);
  }

  async forget(accountId: string): Promise<void> {
    this.#waiting.delete(accountId);
    await this.#writing;
    await this.#repository.forget(accountId);
  }

  /** Never rejects: what could not be written is tried again. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting.size === 0) return;
    this.#writing = this.#write();
    await this.#writing;
  }

  async stop(): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(): Promise<void> {
    const additions = this.#waiting;
    this.#waiting = new Map();
    try {
      await this.#repository.add(additions);
    } catch (error) {
      for (const [id, { errors, changes }] of additions) {
        const newer = this.#waiting.get(id) ?? { errors: [], changes: [] };
        this.#waiting.set(id, {
          errors: [...errors, ...newer.errors].slice(-MAX_WAITING),
          changes: [...changes, ...newer.changes].slice(-MAX_WAITING),
        });
      }
      this.#writeIn(RETRY_MS);
      this.#onError(error);
    }
  }

  #waitingOf(accountId: string): PastAdditions {
    let waiting = this.#waiting.get(accountId);
    if (waiting === undefined) {
      waiting = { errors: [], changes: [] };
      this.#waiting.set(accountId, waiting);
    }
    return waiting;
  }

  #writeIn(delayMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, delayMs).unref();
  }
}

function push<Entry>(entries: Entry[], entry: Entry): void {
  entries.push(entry);
  if (entries.length > MAX_WAITING) entries.shift();
}
