// Owns the contract of the weekly hours in which an account serves.
import { z } from 'zod';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const message = 'a time of day such as 09:30';
const fromSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, message);
const toSchema = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, message);

/** `to` before `from` ends on the day after; 24:00 is the end of the day. */
const spanSchema = z
  .strictObject({ days: z.array(z.enum(weekdays)).min(1).max(7), from: fromSchema, to: toSchema })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'must differ from the beginning; a whole day is 00:00 to 24:00',
  });

export const serviceHoursSchema = z.array(spanSchema).max(20);
export type ServiceHours = z.output<typeof serviceHoursSchema>;
