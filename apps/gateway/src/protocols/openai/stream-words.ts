// Owns what the streams of Chat Completions and its elder say beside their chunks.

export const DONE = 'data: [DONE]\n\n';
/** A comment, which clients step over. */
export const PING = ': ping\n\n';
