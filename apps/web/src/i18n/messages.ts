// Owns where messages come from: one chunk per language, and the English shell for when it does not arrive.
import enErrors from '@/messages/en/errors.json';
import enShell from '@/messages/en/shell.json';
import type { messages as english } from '@/messages/en';
import type { Locale } from './locale';

export type Messages = typeof english;

const loaders: Record<Locale, () => Promise<Messages>> = {
  en: async () => (await import('@/messages/en')).messages,
  'zh-CN': async () => (await import('@/messages/zh-CN')).messages,
};

/** All messages of a language. */
export function loadMessages(locale: Locale): Promise<Messages> {
  return loaders[locale]();
}

/** What is left to say without a language chunk; other texts show their key. */
export const fallbackMessages = { shell: enShell, errors: enErrors } as Messages;
