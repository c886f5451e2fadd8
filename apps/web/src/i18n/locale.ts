// Owns which languages there are and which one a browser gets.
export const locales = ['en', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

/** How each language names itself; never translated. */
export const localeNames: Record<Locale, string> = { en: 'English', 'zh-CN': '简体中文' };

/** First language of the list that the console speaks; Chinese when it speaks none of them. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'zh-CN';
}
