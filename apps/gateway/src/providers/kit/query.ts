// Owns query strings on their way upstream.

/** `?key=cr_…&alt=sse` -> `?alt=sse`: a relay key in the query is the gateway's own. All else stays as it was written. */
export function withoutKeyQuery(query: string): string {
  const text = query.startsWith('?') ? query.slice(1) : query;
  if (text === '') return '';
  if (!text.includes('key') && !text.includes('%')) return `?${text}`;
  const kept = text.split('&').filter((part) => nameOf(part) !== 'key');
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** `%6bey` is `key` too. */
function nameOf(part: string): string {
  const [name = ''] = part.split('=', 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
