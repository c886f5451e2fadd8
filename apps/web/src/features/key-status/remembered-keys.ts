// Owns the keys that were to be remembered on this device; nothing is written unless that was asked for.

export const MOST_KEYS = 30;
const STORAGE_KEY = 'crs-remembered-keys';

export function rememberedKeys(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored.filter((key): key is string => typeof key === 'string').slice(0, MOST_KEYS);
  } catch {
    return [];
  }
}

/** Replaces what was remembered; nothing is left where no key is given. */
export function rememberKeys(secrets: readonly string[]): void {
  try {
    if (secrets.length === 0) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(secrets.slice(0, MOST_KEYS)));
  } catch {
    // A full or forbidden storage: they are asked for again.
  }
}

/** Keys of a pasted text, one a line or with commas or spaces between them, each once. */
export function keysIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}
