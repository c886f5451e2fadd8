// Owns what is stored of a section of settings: the fields that were set, and who changed which when.
import { z } from 'zod';

export const settingsDocumentSchema = z.object({
  /** Name of the section. */
  id: z.string(),
  /** Only what was set; everything else is the default. */
  values: z.record(z.string(), z.unknown()),
  changes: z.record(z.string(), z.object({ at: z.string(), by: z.string() })),
  version: z.int(),
});
export type SettingsDocument = z.output<typeof settingsDocumentSchema>;
