// Owns the reading of what is special to a kind: settings and credential, as its schemas want them.
import type { z } from 'zod';
import { isJsonObject } from '../../platform/json.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { AnyProvider } from '../../providers/provider.ts';
import { type AddressRule, checkBaseUrl } from './base-url.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface Specifics {
  /** Null: not given. */
  readonly settings: Fields | null;
  readonly credential: Fields | null;
}

type Reading = { readonly fields: Fields } | { readonly errors: readonly FieldError[] };

/**
 * What is given, merged over what is known and parsed by the kind's schemas. Throws `validation_failed` with every
 * field that is wrong, named as `settings.baseUrl`, `credential.apiKey`.
 */
export async function readSpecifics(
  provider: AnyProvider,
  given: Specifics,
  known: { readonly settings: Fields; readonly credential: Fields },
  rule: AddressRule,
): Promise<Specifics> {
  const settings =
    given.settings === null
      ? null
      : await readSettings(provider, merge(known.settings, given.settings), rule);
  const credential =
    given.credential === null ? null : readCredential(provider, known.credential, given.credential);
  const errors = [settings, credential].flatMap((reading) =>
    reading !== null && 'errors' in reading ? reading.errors : [],
  );
  if (errors.length > 0) throw refuseFields(errors);
  return { settings: fieldsOf(settings), credential: fieldsOf(credential) };
}

async function readSettings(provider: AnyProvider, settings: Fields, rule: AddressRule): Promise<Reading> {
  const reading = parseFields(provider.account.settings, 'settings', settings);
  if ('errors' in reading) return reading;
  const errors = await checkBaseUrl(provider, reading.fields, rule);
  return errors.length > 0 ? { errors } : reading;
}

/** A credential of another form than the one before does not mix with it: then what is given stands alone. */
function readCredential(provider: AnyProvider, known: Fields, given: Fields): Reading {
  const schema = provider.account.credential;
  const merged = parseFields(schema, 'credential', merge(known, given));
  if ('fields' in merged) return merged;
  const alone = parseFields(schema, 'credential', merge({}, given));
  return 'fields' in alone ? alone : merged;
}

/** Fields given over those there were; null takes one away. */
function merge(known: Fields, given: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...known, ...given }).filter(([, value]) => value !== null));
}

function parseFields(schema: z.ZodType, part: keyof Specifics, value: Fields): Reading {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, [part]));
    // One finding per field: the first says what to mend.
    return { errors: errors.filter(({ path }, index) => errors.findIndex((e) => e.path === path) === index) };
  }
  const fields: unknown = parsed.data;
  if (isJsonObject(fields)) return { fields };
  throw new Error(`the ${part} of an account kind must be an object`);
}

function fieldErrors(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const message = 'accounts of this kind have no such field; leave it out';
    return issue.keys.map((key) => ({ path: dotted([...path, key]), message }));
  }
  if (issue.code === 'invalid_union') {
    // The form that lacks least is the one that was meant.
    const [closest] = issue.errors.toSorted((a, b) => a.length - b.length);
    if (closest !== undefined) return closest.flatMap((inner) => fieldErrors(inner, path));
  }
  return [{ path: dotted(path), message: wordsOf(issue) }];
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'required';
  if (issue.input === '' && issue.code === 'too_small') return 'must not be empty';
  return issue.message;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function fieldsOf(reading: Reading | null): Fields | null {
  return reading !== null && 'fields' in reading ? reading.fields : null;
}

function refuseFields(errors: readonly FieldError[]): ProblemError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail =
    first === undefined ? 'The account is not valid' : `\`${first.path}\`: ${first.message}${more}`;
  return new ProblemError('validation_failed', detail, { errors });
}
