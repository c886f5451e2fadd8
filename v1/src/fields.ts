// Owns how v1 wrote values into Redis hashes: everything is a string, "" stands for null, lists and objects are JSON.
import { z } from 'zod';

/** Text; an absent field reads as "". */
export const text = z.string().default('');

/** Text, or null where v1 stored nothing. */
export const optionalText = z
  .string()
  .default('')
  .transform((value) => (value === '' ? null : value));

/** "true" or "false". */
export function flag(absent: boolean) {
  return z
    .enum(['true', 'false', ''])
    .default('')
    .transform((value) => (value === '' ? absent : value === 'true'));
}

/** A whole number in decimal digits. */
export function integer(absent: number) {
  return z
    .string()
    .regex(/^-?\d*$/u, 'not a whole number')
    .default('')
    .transform((value) => (value === '' ? absent : Number(value)));
}

/** A decimal number, kept as its digits so that money never goes through a float. */
export function decimal(absent: string) {
  return z
    .string()
    .regex(/^(?:-?\d+(?:\.\d+)?)?$/u, 'not a decimal number')
    .default('')
    .transform((value) => (value === '' ? absent : value));
}

/** ISO 8601 in UTC, or null. */
export const time = z
  .union([z.iso.datetime(), z.literal('')])
  .default('')
  .transform((value) => (value === '' ? null : value));

/** Milliseconds since the epoch, or null. */
export const epochMs = z
  .string()
  .regex(/^\d*$/u, 'not a time in milliseconds')
  .default('')
  .transform((value) => (value === '' ? null : Number(value)));

/** JSON inside a string; `absent` is what v1 takes an empty field for. */
export function json<Schema extends z.ZodType>(schema: Schema, absent: z.input<Schema>) {
  return z
    .string()
    .default('')
    .transform((value, context): unknown => {
      if (value === '') return absent;
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
