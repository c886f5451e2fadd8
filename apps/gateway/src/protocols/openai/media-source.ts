// Owns how OpenAI's dialects put media into addresses: `https://…`, or the bytes themselves as `data:…;base64,…`.
import type { MediaSource } from '../canonical.ts';

/** Null where it is neither. */
export function readMediaSource(url: string): MediaSource | null {
  if (/^https?:\/\//i.test(url)) return { type: 'url', url };
  const comma = url.indexOf(',');
  if (!/^data:/i.test(url) || comma === -1) return null;
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  if (parameters.at(-1)?.toLowerCase() !== 'base64') return null;
  return { type: 'base64', mediaType: mediaType.toLowerCase(), data: url.slice(comma + 1) };
}

export function writeMediaSource(source: MediaSource): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}
