// Owns the accounts of this process: in memory, kept in step with what is stored, credentials opened.
import type { SecretBox } from '../../platform/crypto/index.ts';
import { type DocumentStore, Replica } from '../../platform/redis/index.ts';
import type { AccountDocument, LiveAccount } from './document.ts';
import type { JudgedAccount } from './health-state.ts';
import { providerOf, type Providers } from './kinds.ts';
import { bringToLife } from './live.ts';

export class LivingAccounts {
  readonly #providers: Providers;
  readonly #secrets: SecretBox;
  readonly #replica: Replica<AccountDocument>;
  readonly #living = new Map<string, LiveAccount>();
  #list: readonly LiveAccount[] | null = null;

  constructor(
    store: DocumentStore<AccountDocument>,
    { providers, secrets }: { readonly providers: Providers; readonly secrets: SecretBox },
    onError: (error: unknown) => void,
  ) {
    this.#providers = providers;
    this.#secrets = secrets;
    this.#replica = new Replica(store, { onChange: (id, document) => this.#note(id, document), onError });
  }

  start(): Promise<void> {
    return this.#replica.start();
  }

  /** Exact after it; one command where nothing changed. */
  refresh(): Promise<void> {
    return this.#replica.refresh();
  }

  stop(): void {
    this.#replica.stop();
  }

  /** Also of kinds this gateway does not know. */
  documents(): readonly AccountDocument[] {
    return this.#replica.all();
  }

  /** Of known kinds; the same list until something changes. */
  live(): readonly LiveAccount[] {
    this.#list ??= [...this.#living.values()];
    return this.#list;
  }

  find(id: string): LiveAccount | undefined {
    return this.#living.get(id);
  }

  /** The account as requests use it, of just this version; throws for a kind this gateway does not know. */
  bring(document: AccountDocument): LiveAccount {
    const known = this.#living.get(document.id);
    if (known?.document.version === document.version) return known;
    return bringToLife(document, providerOf(this.#providers, document.kind), this.#secrets);
  }

  /** What can be said of it without asking its health. */
  judge(document: AccountDocument): JudgedAccount {
    if (this.#providers.has(document.kind)) return this.bring(document);
    return { document, defect: `This gateway knows no accounts of kind "${document.kind}"` };
  }

  /** As `judge`, by id; undefined for an account that is gone. */
  judged(id: string): JudgedAccount | undefined {
    const known = this.#living.get(id);
    if (known !== undefined) return known;
    const document = this.#replica.get(id);
    return document && this.judge(document);
  }

  #note(id: string, document: AccountDocument | null): void {
    if (document !== null && this.#providers.has(document.kind)) this.#living.set(id, this.bring(document));
    else this.#living.delete(id);
    this.#list = null;
  }
}
