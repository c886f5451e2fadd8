// Owns the settings that are changed while the gateway runs. What was set in the console wins over the environment, the
// environment over the built-in default; a change holds on every replica as soon as its notice arrives.
import {
  type SettingField,
  type SettingFieldState,
  type SettingSection,
  settingSectionNames,
  settingSections,
  type SettingValues,
  type SettingsAnswer,
  settingValueSchema,
} from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { DocumentStore, type RedisConnections, Replica } from '../../platform/redis/index.ts';
import { type SettingsDocument, settingsDocumentSchema } from './document.ts';
import { imageFault } from './image.ts';

const MAX_TRIES = 5;

/** What the environment says in the place of built-in defaults; by section and field. */
export type EnvironmentDefaults = {
  readonly [Section in SettingSection]?: Partial<SettingValues<Section>>;
};

export interface SettingsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly environment: EnvironmentDefaults;
  /** A stored section that cannot be read, a look at Redis that failed. */
  readonly onError: (error: unknown) => void;
}

/** Before and after of a change, for the audit log: only what differs. */
export interface SettingsChange<Section extends SettingSection> {
  readonly answer: SettingsAnswer<Section>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export interface Patch {
  readonly version?: number | undefined;
  readonly [field: string]: unknown;
}

type Values = Readonly<Record<string, unknown>>;

export class Settings {
  readonly #dependencies: SettingsDependencies;
  readonly #store: DocumentStore<SettingsDocument>;
  readonly #replica: Replica<SettingsDocument>;
  readonly #defaults = new Map<SettingSection, Values>();
  readonly #values = new Map<SettingSection, Values>();

  constructor(dependencies: SettingsDependencies) {
    const { redis, onError, environment } = dependencies;
    this.#dependencies = dependencies;
    this.#store = new DocumentStore(redis, { noun: 'settings', schema: settingsDocumentSchema });
    this.#replica = new Replica(this.#store, {
      onError,
      onChange: (id, document) => this.#take(id, document),
    });
    for (const section of settingSectionNames) {
      const builtIn = Object.entries(fieldsOf(section)).map(([name, field]) => [name, field.default]);
      const given = Object.entries(environment[section] ?? {}).filter(([, value]) => value !== undefined);
      this.#defaults.set(section, Object.fromEntries([...builtIn, ...given]) as Values);
      this.#take(section, null);
    }
  }

  /** Resolves with every section loaded. */
  async start(): Promise<void> {
    await this.#replica.start();
  }

  stop(): void {
    this.#replica.stop();
  }

  /** What holds now, from memory. */
  values<Section extends SettingSection>(section: Section): SettingValues<Section> {
    return valuesIn(this.#values, section) as SettingValues<Section>;
  }

  /** A section as it is answered; exact. */
  async get<Section extends SettingSection>(section: Section): Promise<SettingsAnswer<Section>> {
    return this.#answer(section, await this.#store.get(section));
  }

  /** Merges the fields given; null goes back to the default. Refuses what was changed since `version`. */
  async update<Section extends SettingSection>(
    section: Section,
    patch: Patch,
    by: string,
  ): Promise<SettingsChange<Section>> {
    const { version, ...fields } = patch;
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    refuseBadImages(section, given);
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const stored = await this.#store.get(section);
      const storedVersion = stored?.version ?? 0;
      if (version !== undefined && version !== storedVersion) throw changedMeanwhile();
      const next = this.#changed(section, stored, given, by);
      if (next === null) return { answer: this.#answer(section, stored), before: {}, after: {} };
      this.#refuseContradictions(section, next);
      if ((await this.#store.save(next, storedVersion)) !== 'saved') continue;
      await this.#replica.refresh();
      const [before, after] = [this.#effective(section, stored), this.#effective(section, next)];
      const names = Object.keys(after).filter((name) => before[name] !== after[name]);
      return { answer: this.#answer(section, next), before: pick(before, names), after: pick(after, names) };
    }
    throw changedMeanwhile();
  }

  /** The next document; null where nothing would differ. */
  #changed(
    section: SettingSection,
    stored: SettingsDocument | null,
    given: readonly (readonly [string, unknown])[],
    by: string,
  ): SettingsDocument | null {
    const values: Record<string, unknown> = { ...stored?.values };
    const changes: SettingsDocument['changes'] = { ...stored?.changes };
    const at = new Date(this.#dependencies.clock.now()).toISOString();
    let differs = false;
    for (const [name, value] of given) {
      if (value === null ? !(name in values) : values[name] === value) continue;
      differs = true;
      changes[name] = { at, by };
      if (value === null) delete values[name];
      else values[name] = value;
    }
    return differs ? { id: section, values, changes, version: (stored?.version ?? 0) + 1 } : null;
  }

  #refuseContradictions(section: SettingSection, next: SettingsDocument): void {
    if (section !== 'stickiness') return;
    const { sessionHours, renewalThresholdMinutes } = this.#effective(
      section,
      next,
    ) as SettingValues<'stickiness'>;
    if (renewalThresholdMinutes <= sessionHours * 60) return;
    const message = `must not be more than a session's whole time of ${sessionHours} hours`;
    throw new ProblemError('validation_failed', `\`renewalThresholdMinutes\`: ${message}.`, {
      errors: [{ path: 'renewalThresholdMinutes', message }],
    });
  }

  #take(id: string, document: SettingsDocument | null): void {
    const section = settingSectionNames.find((name) => name === id);
    if (section !== undefined) this.#values.set(section, this.#effective(section, document));
  }

  #effective(section: SettingSection, document: SettingsDocument | null): Values {
    const values: Record<string, unknown> = { ...valuesIn(this.#defaults, section) };
    for (const [name, value] of Object.entries(document?.values ?? {})) {
      // A field of a newer version, or bounds that have become narrower, must not stop this one.
      if (settingValueSchema(section, name)?.safeParse(value).success === true) values[name] = value;
    }
    return values;
  }

  #answer<Section extends SettingSection>(
    section: Section,
    document: SettingsDocument | null,
  ): SettingsAnswer<Section> {
    const defaults = valuesIn(this.#defaults, section);
    const fields = Object.entries(fieldsOf(section)).map(([name, field]): [string, SettingFieldState] => {
      const change = document?.changes[name];
      const isSet = document !== null && name in document.values;
      return [
        name,
        {
          default: defaults[name],
          source: isSet ? 'console' : defaults[name] === field.default ? 'default' : 'environment',
          environment: field.type === 'number' ? (field.environment ?? null) : null,
          changedAt: change?.at ?? null,
          changedBy: change?.by ?? null,
        },
      ];
    });
    return {
      ...(this.#effective(section, document) as SettingValues<Section>),
      section,
      version: document?.version ?? 0,
      fields: Object.fromEntries(fields),
    };
  }
}

function fieldsOf(section: SettingSection): Readonly<Record<string, SettingField>> {
  return settingSections[section];
}

function valuesIn(map: ReadonlyMap<SettingSection, Values>, section: SettingSection): Values {
  const values = map.get(section);
  if (values === undefined) throw new Error(`there is no section ${section}`);
  return values;
}

function refuseBadImages(section: SettingSection, given: readonly (readonly [string, unknown])[]): void {
  const fields = fieldsOf(section);
  const errors = given.flatMap(([name, value]) => {
    const field = fields[name];
    if (field?.type !== 'image' || typeof value !== 'string') return [];
    const message = imageFault(value, field.maximumBytes);
    return message === null ? [] : [{ path: name, message }];
  });
  const [first] = errors;
  if (first !== undefined)
    throw new ProblemError('validation_failed', `\`${first.path}\`: ${first.message}.`, { errors });
}

function pick(values: Values, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

function changedMeanwhile(): ProblemError {
  return new ProblemError(
    'conflict',
    'These settings were changed meanwhile; read them again and repeat the change on what they are now',
  );
}
