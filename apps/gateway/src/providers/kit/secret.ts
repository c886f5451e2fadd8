// Owns what a secret may be made of: it becomes a header's value.
import { z } from 'zod';

export function secretSchema(title: string, description: string) {
  return z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[\x21-\x7e]+$/, 'must not contain spaces, line breaks or other than ASCII characters')
    .meta({ title, description });
}
