// Owns the Content-Security-Policy of a page: only own scripts, and the inline ones it was built with, by their hash.
import { createHash } from 'node:crypto';

const inlineScript = /<script(?<attributes>[^>]*)>(?<code>[\s\S]*?)<\/script>/g;

/** The inline scripts of a page, as the browser will hash them. */
export function inlineScripts(html: string): string[] {
  return [...html.matchAll(inlineScript)]
    .filter((match) => !/\ssrc\s*=/.test(match.groups?.['attributes'] ?? ''))
    .map((match) => match.groups?.['code'] ?? '')
    .filter((code) => code !== '');
}

/** `'sha256-…'` as it stands in a policy. */
function hashSource(code: string): string {
  return `'sha256-${createHash('sha256').update(code, 'utf8').digest('base64')}'`;
}

/** The policy of a page with these inline scripts. */
export function policyFor(scripts: readonly string[]): string {
  const hashes = [...new Set(scripts.map(hashSource))].join(' ');
  return [
    "default-src 'self'",
    `script-src 'self'${hashes === '' ? '' : ` ${hashes}`}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join('; ');
}

const meta = /<meta http-equiv="Content-Security-Policy"[^>]*>/;

/** The page with its policy, first thing in its head after the character set; running it twice changes nothing. */
export function addPolicy(html: string): string {
  const bare = html.replace(meta, '');
  const tag = `<meta http-equiv="Content-Security-Policy" content="${policyFor(inlineScripts(bare))}"/>`;
  const head = /<head[^>]*>(?:<meta charset="[^"]*"\s*\/?>)?/i.exec(bare.replace(/charSet=/, 'charset='));
  if (head === null) throw new Error('a page without a head');
  const at = head.index + head[0].length;
  return bare.slice(0, at) + tag + bare.slice(at);
}
