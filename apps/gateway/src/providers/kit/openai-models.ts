// Owns which models kinds of OpenAI's dialects are asked for, before any account's own list.

const OF_OTHER_VENDORS = /(?:^|[./])(?:claude|gemini|anthropic)/i;
/** `ft:gpt-…` is one that a customer trained. */
const OF_OPENAI =
  /^(?:ft:)?(?:gpt-|o\d|chatgpt-|codex-|computer-use-|text-embedding-|(?:text-)?(?:davinci|babbage)|omni-)/i;

/** Compatible hosts name their models as they like; only those of other known vendors are certainly not theirs. */
export function isMaybeOpenAi(model: string): boolean {
  return model !== '' && !OF_OTHER_VENDORS.test(model);
}

/** One of OpenAI's own. */
export function isOpenAi(model: string): boolean {
  return OF_OPENAI.test(model);
}

/** OpenAI itself is not told what was meant for another host. */
export function lackedByOpenAi(model: string): string | null {
  return isOpenAi(model) ? null : `${model} is not a model of OpenAI; another host needs its base URL`;
}
