// Owns the types of messages: a key that does not exist is a type error.
import type { Locale } from '@/i18n/locale';
import type { Messages } from '@/i18n/messages';

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
