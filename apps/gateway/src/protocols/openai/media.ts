// Owns how many tokens an OpenAI request is, by its bytes and by what it brings beside text.

export interface RequestMedia {
  images: number;
  /** Sound and documents, whose tokens their bytes do not tell. */
  others: number;
  /** Of the body: encoded bytes of any of them. */
  bytes: number;
}

/** On the high side for English, about right for Chinese, and for code in between. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_IMAGE = 1500;
/** A page or two, a minute of sound. */
const TOKENS_PER_OTHER = 2000;
/** What the smallest models charge for a picture in eight tiles. */
const MOST_TOKENS_PER_IMAGE = 50_000;

export function estimatedTokens(bodyBytes: number, { images, others, bytes }: RequestMedia): number {
  const ofText = Math.ceil(Math.max(0, bodyBytes - bytes) / BYTES_PER_TOKEN);
  return ofText + images * TOKENS_PER_IMAGE + others * TOKENS_PER_OTHER;
}

/** Never too low; null where nothing bounds it. `tokensOfText` is that of the body's text. */
export function mostTokens(tokensOfText: number | null, { images, others }: RequestMedia): number | null {
  return tokensOfText === null || others > 0 ? null : tokensOfText + images * MOST_TOKENS_PER_IMAGE;
}
