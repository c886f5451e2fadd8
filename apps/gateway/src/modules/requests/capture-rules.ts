// Owns what holds for kept bodies, and what is taken out of them before they are stored. Pure.
import type { SettingValues } from '@crs/shared';
import { redactText } from '../../platform/log-redaction.ts';

export interface CaptureRules {
  /** Off: nothing is kept, whatever keys say. */
  readonly enabled: boolean;
  /** How long bodies are kept. */
  readonly retentionHours: number;
  /** Of one body; what is longer is cut. */
  readonly maxBodyBytes: number;
  /** Of all kept bodies together, as they are stored; the oldest go first. */
  readonly maxTotalBytes: number;
  /** Texts that are taken out; `*` stands for up to 200 characters of one line. */
  readonly redactPatterns: readonly string[];
}

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** As the settings say; a pattern a line. */
export function captureRulesOf(settings: SettingValues<'capture'>): CaptureRules {
  return {
    enabled: settings.bodies === 'allowed',
    retentionHours: settings.retentionHours,
    maxBodyBytes: settings.maximumBodyKilobytes * KILOBYTE,
    maxTotalBytes: settings.maximumTotalMegabytes * MEGABYTE,
    redactPatterns: settings.redactPatterns
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

const REDACTED = '[redacted]';
/** What `*` may stand for. */
const MOST_BETWEEN = 200;

/** Values of JSON members that are named like a credential, whether or not the text is whole JSON. */
const SECRET_MEMBER =
  /("(?:[\w-]*(?:api[-_]?key|password|passwd|secret|access[-_]?token|refresh[-_]?token|id[-_]?token|bearer[-_]?token|auth[-_]?token|authorization|private[-_]?key|credentials?))"\s*:\s*")(?:[^"\\]|\\.)*("?)/gi;
/** The same as text inside of a JSON string, where quotes are escaped. */
const ESCAPED_SECRET_MEMBER =
  /(\\"(?:[\w-]*(?:api[-_]?key|password|passwd|secret|access[-_]?token|refresh[-_]?token|authorization|private[-_]?key))\\"\s*:\s*\\")[^"\\]*/gi;
/** `API_KEY=…`, as environment files and command lines write it. */
const ASSIGNMENT =
  /\b([\w]*(?:API_?KEY|PASSWORD|PASSWD|SECRET|ACCESS_?TOKEN|AUTH_?TOKEN|ACCESS_?KEY)\w*\s*=\s*)[^\s"'\\&]{4,}/gi;
const KNOWN_SECRETS =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|ya29\.)[\w.-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g;

/** A text without what looks like a credential, and without what the patterns name. */
export function redactBody(text: string, patterns: readonly string[]): string {
  let redacted = redactText(text)
    .replace(KNOWN_SECRETS, REDACTED)
    .replace(SECRET_MEMBER, `$1${REDACTED}$2`)
    .replace(ESCAPED_SECRET_MEMBER, `$1${REDACTED}`)
    .replace(ASSIGNMENT, `$1${REDACTED}`);
  for (const pattern of patterns) redacted = withoutPattern(redacted, pattern);
  return redacted;
}

/** Looked for piece by piece and never twice at one place, so that no pattern takes much longer than its text. */
function withoutPattern(text: string, pattern: string): string {
  const parts = folded(pattern)
    .split('*')
    .filter((part) => part !== '');
  const [first] = parts;
  if (first === undefined) return text;
  const searched = folded(text);
  const kept: string[] = [];
  let done = 0;
  for (let at = searched.indexOf(first); at !== -1; ) {
    const end = endOfMatch(searched, at, parts);
    if (end === null) {
      at = searched.indexOf(first, at + 1);
      continue;
    }
    kept.push(text.slice(done, at), REDACTED);
    done = end;
    at = searched.indexOf(first, end);
  }
  return done === 0 ? text : kept.join('') + text.slice(done);
}

/** In lower case, every letter at its place: this one alone would become two. */
function folded(text: string): string {
  return text.replaceAll('İ', 'I').toLowerCase();
}

/** The parts one after the other, each within so many characters of the same line; null where one is missing. */
function endOfMatch(text: string, start: number, parts: readonly string[]): number | null {
  let end = start;
  for (const [index, part] of parts.entries()) {
    const within = text.slice(end, end + (index === 0 ? 0 : MOST_BETWEEN) + part.length);
    const at = within.indexOf(part);
    if (at === -1 || within.slice(0, at).includes('\n')) return null;
    end += at + part.length;
  }
  return end;
}
