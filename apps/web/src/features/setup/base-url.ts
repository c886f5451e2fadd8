// Owns the address that the guide writes into settings: this page's own unless another is given. Pure.

/** Origin and path without a slash at the end; null for what is no web address. */
export function readBaseUrl(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\/[^\s"'`\\]+$/i.test(trimmed) || !URL.canParse(trimmed)) return null;
  const { origin, pathname, username, password, search, hash } = new URL(trimmed);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return null;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** What keys are made of; anything else was pasted by mistake. */
export function isKeyText(text: string): boolean {
  return /^[\w.-]{8,500}$/.test(text);
}
