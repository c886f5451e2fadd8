import { expect, test } from 'vitest';
import { createEvents } from './events.ts';
import { newId, newRequestId } from './ids.ts';

test('a listener that throws is reported and disturbs nobody; one that left hears nothing', () => {
  const errors: string[] = [];
  const events = createEvents((error, name) => errors.push(`${name}: ${String(error)}`));
  const seen: string[] = [];
  events.on('key.changed', () => {
    throw new Error('broken');
  });
  const leave = events.on('key.changed', ({ id }) => seen.push(id));
  events.emit('key.changed', { id: '1' });
  leave();
  events.emit('key.changed', { id: '2' });
  expect(seen).toEqual(['1']);
  expect(errors).toEqual(['key.changed: Error: broken', 'key.changed: Error: broken']);
});

test('request ids sort by time and do not repeat', () => {
  const early = newRequestId(Date.parse('2026-01-01T00:00:00Z'));
  const late = newRequestId(Date.parse('2026-01-01T00:00:00.001Z'));
  expect(early).toMatch(/^req_[0-9a-f]{28}$/);
  expect(early < late).toBe(true);
  expect(newRequestId(1)).not.toBe(newRequestId(1));
  expect(newId()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
