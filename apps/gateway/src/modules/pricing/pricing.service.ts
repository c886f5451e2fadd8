// Owns the prices of the installation: the pack that ships with the gateway or one that an operator installed, overrides
// and rates on top of it, the same on every replica as soon as a notice arrives, and every version of them for good.
import type { PriceHistory, PriceProvider, PricingAnswer, Service } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { DocumentStore, type RedisConnections, Replica } from '../../platform/redis/index.ts';
import { forAudit, modelPrices, overrideAnswers, priceHistory } from './answer.ts';
import { PriceBook, bookId } from './book.ts';
import {
  type PackDocument,
  packDocumentSchema,
  PRICE_LIST_ID,
  type PriceListDocument,
  priceListDocumentSchema,
} from './document.ts';
import { parsePack, type PricePack } from './pack.ts';
import { changed, stateOf, UNTOUCHED } from './price-list.ts';
import { UnknownModels } from './unknown-models.ts';
import { type SeenModel, UnknownModelsRepository } from './unknown-models.repository.ts';
import { type PricingPatch, wantedOverrides } from './wanted.ts';

const MAX_TRIES = 5;
/** Books of older versions are made again when somebody looks at rows of their time. */
const BOOKS_KEPT = 20;
/** Withdrawn ones stay, for the rows that were charged by them. */
const MAX_OVERRIDES_EVER = 10_000;

export interface PricingDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  /** Ships with the gateway. */
  readonly bundled: PricePack;
  readonly onError: (error: unknown) => void;
}

export interface PricingChange {
  readonly answer: PricingAnswer;
  /** For the audit log. */
  readonly before: object;
  readonly after: object;
}

export class Pricing {
  readonly #dependencies: PricingDependencies;
  readonly #lists: DocumentStore<PriceListDocument>;
  readonly #packDocuments: DocumentStore<PackDocument>;
  readonly #list: Replica<PriceListDocument>;
  readonly #stored: Replica<PackDocument>;
  readonly #unknown: UnknownModels;
  readonly #packs = new Map<string, PricePack>();
  readonly #books = new Map<string, PriceBook>();
  #current: PriceBook;

  constructor(dependencies: PricingDependencies) {
    const { redis, bundled, onError } = dependencies;
    this.#dependencies = dependencies;
    this.#packs.set(bundled.id, bundled);
    this.#current = new PriceBook({ pack: bundled, state: UNTOUCHED });
    this.#lists = new DocumentStore(redis, { noun: 'price-list', schema: priceListDocumentSchema });
    this.#packDocuments = new DocumentStore(redis, { noun: 'price-pack', schema: packDocumentSchema });
    const onChange = (): void => this.#follow();
    this.#list = new Replica(this.#lists, { onError, onChange });
    this.#stored = new Replica(this.#packDocuments, { onError, onChange });
    this.#unknown = new UnknownModels(new UnknownModelsRepository(redis), onError);
  }

  /** Resolves with the prices in force loaded, and the gateway's own pack kept for the rows that it will charge. */
  async start(): Promise<void> {
    await this.#keep(this.#dependencies.bundled);
    await this.#stored.start();
    await this.#list.start();
  }

  async stop(): Promise<void> {
    this.#list.stop();
    this.#stored.stop();
    await this.#unknown.stop();
  }

  /** Prices as they are now, from memory. */
  current(): PriceBook {
    return this.#current;
  }

  /** Prices as a ledger row names them; those of now where the row is of nothing that is known. */
  book(id: string): PriceBook {
    if (id === this.#current.id) return this.#current;
    const known = this.#books.get(id);
    if (known !== undefined) return known;
    const [packId = '', version = '0'] = id.split('+');
    const pack = this.#pack(packId);
    const document = this.#document();
    // A version that another replica has made and that has not arrived here yet.
    const isKnown = Number(version) <= (document?.version ?? 0);
    if (pack === null || !isKnown) return this.#current;
    const book = new PriceBook({ pack, state: stateOf(document, Number(version)) });
    if (this.#books.size >= BOOKS_KEPT) this.#books.delete(this.#books.keys().next().value ?? '');
    this.#books.set(id, book);
    return book;
  }

  /** A request of a model without a price was charged as `chargedAs`. Nobody waits. */
  noteUnlisted(service: Service, model: string, chargedAs: string, atMs: number): void {
    if (!this.#current.isListed(service, model, atMs)) this.#unknown.note(service, model, chargedAs, atMs);
  }

  /** Seen by any replica, and still without a price; last seen first. */
  async unknownModels(): Promise<SeenModel[]> {
    const nowMs = this.#dependencies.clock.now();
    const seen = await this.#unknown.all();
    return seen.filter(({ service, model }) => !this.#current.isListed(service, model, nowMs));
  }

  /** Exact. */
  async get(): Promise<PricingAnswer> {
    await this.#refresh();
    return this.#answer();
  }

  /** Exact; null where the model never had a price. */
  async history(model: { readonly provider: PriceProvider; readonly model: string }): Promise<PriceHistory> {
    await this.#refresh();
    const history = priceHistory(this.#current, this.#document(), model);
    if (history === null) throw new ProblemError('not_found', 'This model never had a price');
    return history;
  }

  /** Overrides as a whole, rates by service. Refuses what was changed since `version`. */
  async update(patch: PricingPatch, by: string): Promise<PricingChange> {
    return this.#change(by, patch.version, (book, nowMs) => ({
      ...(patch.overrides === undefined ? {} : { overrides: wantedOverrides(patch.overrides, book, nowMs) }),
      ...(patch.rates === undefined ? {} : { rates: { ...book.state.rates, ...definedOf(patch.rates) } }),
    }));
  }

  /** Puts a pack into force on every replica. Refuses one that is older than the gateway's own. */
  async install(pack: PricePack, by: string): Promise<PricingChange> {
    const { bundled } = this.#dependencies;
    if (pack.date < bundled.date) {
      throw new ProblemError(
        'validation_failed',
        `This pack is of ${pack.date}; the gateway ships with a newer one, of ${bundled.date}`,
      );
    }
    await this.#keep(pack);
    return this.#change(by, undefined, () => ({ packId: pack.id }));
  }

  async #change(
    by: string,
    seenVersion: number | undefined,
    wantedOf: (book: PriceBook, nowMs: number) => Parameters<typeof changed>[1],
  ): Promise<PricingChange> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      await this.#refresh();
      const document = this.#document();
      const version = document?.version ?? 0;
      if (seenVersion !== undefined && seenVersion !== version) throw changedMeanwhile();
      const before = forAudit(this.#current);
      const nowMs = this.#dependencies.clock.now();
      const at = new Date(nowMs).toISOString();
      const next = changed(document, wantedOf(this.#current, nowMs), { at, by });
      if (next === null) return { answer: await this.#answer(), before, after: before };
      if (next.overrides.length > MAX_OVERRIDES_EVER) throw tooMany();
      if ((await this.#lists.save(next, version)) !== 'saved') continue;
      await this.#refresh();
      return { answer: await this.#answer(), before, after: forAudit(this.#current) };
    }
    throw changedMeanwhile();
  }

  async #answer(): Promise<PricingAnswer> {
    const { pack, state, id } = this.#current;
    const document = this.#document();
    const installed = state.pack?.id === pack.id ? state.pack : null;
    const unknown = await this.unknownModels();
    return {
      version: state.version,
      updatedAt: document?.updatedAt ?? null,
      updatedBy: document?.updatedBy ?? null,
      pack: {
        id: pack.id,
        date: pack.date,
        source: installed === null ? 'bundled' : 'installed',
        installedAt: installed?.at ?? null,
        installedBy: installed?.by ?? null,
      },
      priceListId: id,
      models: modelPrices(this.#current, this.#dependencies.clock.now()),
      overrides: overrideAnswers(state.overrides),
      rates: state.rates,
      unknownModels: unknown.map(({ firstSeenMs, lastSeenMs, ...seen }) => ({
        ...seen,
        firstSeenAt: new Date(firstSeenMs).toISOString(),
        lastSeenAt: new Date(lastSeenMs).toISOString(),
      })),
    };
  }

  #document(): PriceListDocument | null {
    return this.#list.get(PRICE_LIST_ID) ?? null;
  }

  async #refresh(): Promise<void> {
    await this.#stored.refresh();
    await this.#list.refresh();
  }

  /** The newer of the gateway's own pack and the installed one. One that has not arrived yet is waited for. */
  #follow(): void {
    const state = stateOf(this.#document());
    const { bundled, onError } = this.#dependencies;
    const installed = state.pack === null ? null : this.#pack(state.pack.id);
    if (state.pack !== null && installed === null) {
      this.#stored.refresh().catch(onError);
      return;
    }
    const pack = installed !== null && installed.date >= bundled.date ? installed : bundled;
    if (this.#current.id === bookId(pack.id, state.version)) return;
    this.#current = new PriceBook({ pack, state });
  }

  #pack(id: string): PricePack | null {
    const known = this.#packs.get(id);
    if (known !== undefined) return known;
    const stored = this.#stored.get(id);
    if (stored === undefined) return null;
    try {
      const pack = parsePack(stored.text);
      this.#packs.set(id, pack);
      return pack;
    } catch (error) {
      // Of a newer gateway, perhaps, that this one cannot read.
      this.#dependencies.onError(error);
      return null;
    }
  }

  async #keep({ id, text }: PricePack): Promise<void> {
    const storedAt = new Date(this.#dependencies.clock.now()).toISOString();
    await this.#packDocuments.save({ id, version: 1, text, storedAt }, 0);
  }
}

function definedOf(rates: NonNullable<PricingPatch['rates']>): Partial<Record<Service, number>> {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== undefined));
}

function tooMany(): ProblemError {
  return new ProblemError(
    'validation_failed',
    `Overrides are kept for the requests they have priced, and ${MAX_OVERRIDES_EVER} are the most that fit`,
  );
}

function changedMeanwhile(): ProblemError {
  return new ProblemError(
    'conflict',
    'The prices were changed meanwhile; read them again and repeat the change on what they are now',
  );
}
