// Owns what a schema's findings are to a caller: which field, and what to send instead.
import type { RouteDefinition } from '@crs/shared';
import type { z } from 'zod';
import { isJsonObject } from '../platform/json.ts';
import { ProblemError } from '../platform/problem.ts';

type Issue = z.core.$ZodIssue;
interface FieldError {
  path: string;
  message: string;
}

export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

type Part = keyof RawInput;
const partNames: Readonly<Record<Part, string>> = { params: 'path', query: 'query', body: 'body' };

/** Parsed params, query and body of a route; throws `validation_failed` with every field that is wrong. */
export function parseInput(route: RouteDefinition, raw: RawInput): { [P in Part]: unknown } {
  const errors: FieldError[] = [];
  const parse = (part: Part, value: unknown): unknown => {
    const schema = route[part];
    if (schema === undefined) {
      errors.push(...surplus(part, value));
      return undefined;
    }
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    errors.push(...result.error.issues.flatMap((issue) => fieldErrors(issue, [], part)));
    return undefined;
  };
  const input = {
    params: parse('params', raw.params),
    query: parse('query', raw.query),
    // No body at all is an empty one: what is required will be named.
    body: parse('body', route.body !== undefined && raw.body === undefined ? {} : raw.body),
  };
  if (errors.length > 0) throw new ProblemError('validation_failed', summary(errors), { errors });
  return input;
}

/** A route without a query or body takes none: what nobody reads must not look accepted. */
function surplus(part: Part, value: unknown): FieldError[] {
  if (value === undefined || value === null || part === 'params') return [];
  if (!isJsonObject(value)) return [{ path: '', message: 'this route takes no body' }];
  return Object.keys(value).map((name) => ({ path: name, message: unknownField(part) }));
}

function unknownField(part: Part): string {
  return `unknown ${partNames[part]} field; leave it out`;
}

function summary(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (first === undefined) return 'The request is not valid.';
  const where = first.path === '' ? 'The request' : `\`${first.path}\``;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${where}: ${first.message}${more}.`;
}

function fieldErrors(issue: Issue, above: readonly PropertyKey[], part: Part): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: dotted([...path, key]), message: unknownField(part) }));
  }
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors);
    if (closest !== undefined) return closest.flatMap((inner) => fieldErrors(inner, path, part));
  }
  return [{ path: dotted(path), message: mend(issue) }];
}

/** The branch of a union that the caller most likely meant: one of the right shape, with the fewest findings. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = branches.filter((issues) => !issues.some(isOfAnotherShape));
  return meant.toSorted((a, b) => a.length - b.length)[0];
}

function isOfAnotherShape(issue: Issue): boolean {
  if (issue.path.length > 0) return issue.code === 'invalid_type' && issue.input === undefined;
  return (
    issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'unrecognized_keys'
  );
}

/** What to send instead, in words; the schema's own where it has special ones. */
function mend(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : `give ${article(issue.expected)}`;
    case 'invalid_value':
      return `give one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return isOwn(issue) ? own(issue) : `give at least ${counted(issue.minimum, issue.origin)}`;
    case 'too_big':
      return isOwn(issue) ? own(issue) : `give at most ${counted(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'give an ISO 8601 time such as 2026-01-31T08:00:00Z' : own(issue);
    case 'invalid_union':
      return 'has none of the accepted forms';
    default:
      return own(issue);
  }
}

/** A bound for which the schema has words of its own. */
function isOwn({ message }: Issue): boolean {
  return !/^Too (small|big): /.test(message);
}

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  record: ['field', 'fields'],
};

function counted(limit: number | bigint, origin: string): string {
  const unit = units[origin]?.[Number(limit) === 1 ? 0 : 1];
  return unit === undefined ? String(limit) : `${limit} ${unit}`;
}

function own({ message }: Issue): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function article(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
